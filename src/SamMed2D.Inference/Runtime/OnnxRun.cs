using Microsoft.ML.OnnxRuntime;
using SamMed2D.Core.Errors;

namespace SamMed2D.Inference.Runtime;

/// <summary>
/// Runs one graph again and again between tensors that the caller owns, without allocating on the CPU: options and bindings are kept. One thread at a
/// time; a session serves as many of these as there are threads.
/// </summary>
internal sealed class OnnxRun : IDisposable
{
    private readonly InferenceSession _session;
    private readonly string _path;
    private readonly RunOptions _options = new() { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
    private readonly OrtIoBinding? _binding;
    private readonly string[] _inputNames, _outputNames;
    private readonly OrtValue[] _inputs, _outputs;

    /// <summary>Created by <see cref="OnnxSession.CreateRun"/>.</summary>
    /// <param name="session">The graph; it stays the caller's.</param>
    /// <param name="path">Its file, for messages.</param>
    /// <param name="isOnCpu">False where binding a tensor copies it to a device, so that later content would not be seen.</param>
    /// <param name="inputNames">Inputs.</param>
    /// <param name="outputNames">Outputs.</param>
    public OnnxRun(InferenceSession session, string path, bool isOnCpu, string[] inputNames, string[] outputNames)
    {
        (_session, _path, _inputNames, _outputNames) = (session, path, inputNames, outputNames);
        (_inputs, _outputs) = (new OrtValue[inputNames.Length], new OrtValue[outputNames.Length]);
        if (isOnCpu) _binding = session.CreateIoBinding();
    }

    /// <summary>Sets where an input is read from, in every run until it is set anew; its content may change from run to run.</summary>
    /// <param name="number">Its place among the names.</param>
    /// <param name="tensor">Stays the caller's, and must live as long as runs use it.</param>
    public void SetInput(int number, OrtValue tensor)
    {
        if (ReferenceEquals(_inputs[number], tensor)) return;
        _binding?.BindInput(_inputNames[number], tensor);
        _inputs[number] = tensor;
    }

    /// <summary>Sets where an output is written to, in every run until it is set anew.</summary>
    /// <param name="number">Its place among the names.</param>
    /// <param name="tensor">Of the output's shape; stays the caller's, and must live as long as runs use it.</param>
    public void SetOutput(int number, OrtValue tensor)
    {
        if (ReferenceEquals(_outputs[number], tensor)) return;
        _binding?.BindOutput(_outputNames[number], tensor);
        _outputs[number] = tensor;
    }

    /// <summary>Runs the graph; every input and output is set.</summary>
    /// <param name="cancellation">Acts inside the run, between two operators.</param>
    /// <exception cref="OperationCanceledException">Cancelled, before or inside the run.</exception>
    /// <exception cref="ModelException">The graph does not take these inputs or give these outputs.</exception>
    public void Run(CancellationToken cancellation) => Guard(cancellation, static run =>
    {
        if (run._binding is not null) run._session.RunWithBinding(run._options, run._binding);
        else run._session.Run(run._options, run._inputNames, run._inputs, run._outputNames, run._outputs);
        return true;
    });

    /// <summary>Runs the graph to learn the shapes of its outputs, where it does not tell them; every input is set.</summary>
    /// <param name="cancellation">Acts inside the run, between two operators.</param>
    /// <exception cref="OperationCanceledException">Cancelled, before or inside the run.</exception>
    /// <exception cref="ModelException">The graph does not take these inputs.</exception>
    public long[][] MeasureOutputs(CancellationToken cancellation) => Guard(cancellation, static run =>
    {
        using IDisposableReadOnlyCollection<OrtValue> outputs = run._session.Run(run._options, run._inputNames, run._inputs, run._outputNames);
        return outputs.Select(output => output.GetTensorTypeAndShape().Shape).ToArray();
    });

    private T Guard<T>(CancellationToken cancellation, Func<OnnxRun, T> work)
    {
        cancellation.ThrowIfCancellationRequested();
        try
        {
            // Disposing waits for a callback that is under way, so none comes once the run is over.
            using CancellationTokenRegistration registration = cancellation.Register(static options => ((RunOptions)options!).Terminate = true, _options);
            return work(this);
        }
        catch (OnnxRuntimeException failure)
        {
            cancellation.ThrowIfCancellationRequested();
            throw new ModelException(_path, $"fails to run ({OnnxSession.Reason(failure)}); check that it is a model of the kind that its folder says", failure);
        }
        finally
        {
            _options.Terminate = false;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _binding?.Dispose();
        _options.Dispose();
    }
}
