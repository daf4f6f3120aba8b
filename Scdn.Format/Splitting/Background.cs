namespace Scdn.Format;

/// <summary>Work that goes on beside the work that needs its result, and is cancelled and waited for when that ends early.</summary>
internal sealed class Background<T> : IAsyncDisposable
{
    private readonly CancellationTokenSource _end;

    public Background(Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        _end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Result = Task.Run(() => work(_end.Token), CancellationToken.None);
    }

    public Task<T> Result { get; }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        // Whoever needs the result has seen its failure; nobody else wants it.
        await Result.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        _end.Dispose();
    }
}
