namespace Scdn.Host.Tests.Samples;

/// <summary>Waits for what another loop will bring about; fails when it has not within a generous while.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static async Task<T> GetAsync<T>(Func<Task<T?>> attempt, string what)
        where T : class
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!patience.IsCancellationRequested)
        {
            if (await attempt() is { } value) return value;
            await Task.Delay(20, CancellationToken.None);
        }

        throw new AssertionException($"In {Patience.TotalSeconds} seconds it did not come to this: {what}.");
    }

    public static async Task HoldsAsync(Func<Task<bool>> condition, string what) => await GetAsync(async () => await condition() ? what : null, what);
}
