using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Threading.Channels;
using Scdn.Grains.Storage;

namespace Scdn.Host.Tests.Samples;

/// <summary>A change feed that says what a test tells it to, to one follower.</summary>
internal sealed class ScriptedFeed : IChangeFeed
{
    private readonly Channel<FeedItem> _items = Channel.CreateUnbounded<FeedItem>();
    private long _sequence;

    public static Guid Epoch { get; } = Guid.NewGuid();

    public FeedPosition? AskedFrom { get; private set; }

    /// <summary>Called just before the follower is told an item, which waits for its return.</summary>
    public Action<FeedItem>? Telling { get; set; }

    public void Say(FeedItem item) => _items.Writer.TryWrite(item);

    public void Say<TState>(string id, long version, TState state)
        where TState : class, IGrainState<TState> =>
        Say(new FeedChange(new(Epoch, ++_sequence), TState.Kind, id, version, default, JsonSerializer.SerializeToElement(state, TState.Json)));

    public void CatchUp() => Say(new FeedCaughtUp(new(Epoch, _sequence)));

    public bool IsCurrent => true;

    public async IAsyncEnumerable<FeedItem> FollowAsync(FeedPosition? from, [EnumeratorCancellation] CancellationToken cancel)
    {
        AskedFrom = from;
        await foreach (var item in _items.Reader.ReadAllAsync(cancel))
        {
            Telling?.Invoke(item);
            yield return item;
        }
    }
}
