using System.Globalization;
using Scdn.Client;

namespace Scdn.Player.Reserving;

/// <summary>Says to a viewer, once, that the line is too slow to play the content as it comes.</summary>
internal sealed class SlowLine : IAsyncDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500);

    private readonly NetworkManager _network;
    private readonly Action<string> _tell;
    private readonly TimeProvider _time;
    private readonly long _startedAt;
    private readonly SlowLineSigns _signs;
    private readonly ITimer _timer;

    /// <param name="network">Must live longer.</param>
    /// <param name="tell">Where the sentence goes.</param>
    /// <param name="time">The clock.</param>
    public SlowLine(NetworkManager network, Action<string> tell, TimeProvider time)
    {
        (_network, _tell, _time, _startedAt) = (network, tell, time, time.GetTimestamp());
        var duration = network.Times.Duration;
        _signs = new(duration > TimeSpan.Zero ? network.Manifest.Length / duration.TotalSeconds : 0);
        _timer = time.CreateTimer(_ => Look(), null, LookEvery, LookEvery);
    }

    public ValueTask DisposeAsync() => _timer.DisposeAsync();

    private void Look()
    {
        lock (_signs)
        {
            if (_signs.IsTooSlow) return;
            _signs.See(_time.GetElapsedTime(_startedAt), _network.Statistics.FetchedBytes, _network.IsWaitedFor);
            if (!_signs.IsTooSlow) return;
        }

        try
        {
            _tell($"This line brings {Megabits(_signs.BytesPerSecond)} Mbit/s, and the content takes {Megabits(_signs.NeededBytesPerSecond)}: with --reserve it begins when it can be watched to its end without a stop.");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            // Where nothing can be said, the film goes on all the same.
        }
    }

    private static string Megabits(double bytesPerSecond) => (bytesPerSecond * 8 / 1e6).ToString("0.0#", CultureInfo.InvariantCulture);
}
