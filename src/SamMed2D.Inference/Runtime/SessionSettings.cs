using Microsoft.ML.OnnxRuntime;

namespace SamMed2D.Inference.Runtime;

/// <summary>ONNX Runtime's session options, chosen by the machine and by what the user asked for.</summary>
internal static class SessionSettings
{
    /// <summary>Creates the options; the caller disposes them.</summary>
    /// <param name="options">What the user asked for.</param>
    /// <param name="isOptimised">True for a graph that this machine has optimised already.</param>
    public static SessionOptions Create(InferenceOptions options, bool isOptimised = false)
    {
        SessionOptions settings = new()
        {
            GraphOptimizationLevel = isOptimised ? GraphOptimizationLevel.ORT_DISABLE_ALL : GraphOptimizationLevel.ORT_ENABLE_ALL,
            // Every graph here is one chain of operators, so threads are worth most inside them.
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            IntraOpNumThreads = options.Threads > 0 ? options.Threads : ProcessorCores.CountPhysical(),
            InterOpNumThreads = 1,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
        };
        settings.AddSessionConfigEntry("session.intra_op.allow_spinning", options.AllowSpinning ? "1" : "0");
        // Slower 8-bit products that cannot overflow, for models whose weights use all 8 bits (imported on another machine).
        if (!ProcessorFeatures.Current.HasExactInt8Products) settings.AddSessionConfigEntry("session.x64quantprecision", "1");
        return settings;
    }

    /// <summary>Has the session write its optimised graph, with weights laid out as this processor's kernels want them, when it is created.</summary>
    /// <param name="settings">The options.</param>
    /// <param name="graphPath">The graph to write.</param>
    /// <param name="weightsName">The bare name of its weights, beside it.</param>
    public static void SaveOptimised(SessionOptions settings, string graphPath, string weightsName)
    {
        settings.OptimizedModelFilePath = graphPath;
        settings.AddSessionConfigEntry("session.optimized_model_external_initializers_file_name", weightsName);
        settings.AddSessionConfigEntry("session.optimized_model_external_initializers_min_size_in_bytes", "1024");
        settings.AddSessionConfigEntry("session.save_external_prepacked_constant_initializers", "1");
    }
}
