using SamMed2D.Application.Jobs;

namespace SamMed2D.Application.Segments;

/// <summary>Works out an edit in the background; until it is done or cancelled nothing else may change the labels.</summary>
internal static class LabelJob
{
    /// <summary>Starts the work.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="title">What is being done, as shown.</param>
    /// <param name="work">Works the edit out; reads the labels, writes nothing.</param>
    /// <param name="apply">Writes it, on the user interface's thread.</param>
    public static void Start<T>(Workspace workspace, string title, Func<Job, T> work, Action<T> apply)
    {
        workspace.Segments.Busy = title;
        workspace.Jobs.Start(title, work,
            result =>
            {
                workspace.Segments.Busy = null;
                apply(result);
            },
            failure =>
            {
                workspace.Segments.Busy = null;
                workspace.Notices.Add(title, failure);
            });
    }
}
