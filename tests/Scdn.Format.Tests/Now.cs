namespace Scdn.Format.Tests;

/// <summary>Hears of progress at once and on the thread that makes it, unlike <see cref="Progress{T}"/>.</summary>
internal sealed class Now<T>(Action<T> hear) : IProgress<T>
{
    public void Report(T value) => hear(value);
}
