namespace Scdn.Cli.Output;

/// <summary>Progress that is told at once, on the thread that makes it (<see cref="Progress{T}"/> posts it and may come late).</summary>
internal sealed class Told<T>(Action<T> tell) : IProgress<T>
{
    /// <inheritdoc/>
    public void Report(T value) => tell(value);
}
