namespace Scdn.Testing;

/// <summary>
/// Waits for what another loop or another process will bring about, and looks again every few milliseconds: whoever is waited for needs the processor. Fails
/// when it has not come within a generous while.
/// </summary>
public static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(5);

    /// <summary>What the attempt gives once it gives something.</summary>
    /// <param name="attempt">Null: not yet.</param>
    /// <param name="what">What is waited for, for the failure's sentence.</param>
    public static async Task<T> GetAsync<T>(Func<Task<T?>> attempt, string what)
        where T : class
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!patience.IsCancellationRequested)
        {
            if (await attempt() is { } value) return value;
            await Task.Delay(Look, CancellationToken.None);
        }

        throw new TimeoutException($"In {Patience.TotalSeconds} seconds it did not come to this: {what}.");
    }

    /// <summary>Waits until the condition holds.</summary>
    public static Task HoldsAsync(Func<Task<bool>> condition, string what) => GetAsync(async () => await condition() ? what : null, what);

    /// <summary>Waits until the condition holds.</summary>
    public static Task HoldsAsync(Func<bool> condition, string what) => HoldsAsync(() => Task.FromResult(condition()), what);
}
