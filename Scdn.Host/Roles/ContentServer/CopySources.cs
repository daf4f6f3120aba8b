using Scdn.Grains.Roles;

namespace Scdn.Host.Roles.ContentServer;

/// <summary>
/// Where a content is being copied from: peers first, the origin last. Each request goes to the one with the fewest under way, and one that failed or
/// sent something wrong is dropped for the rest of the copy.
/// </summary>
internal sealed class CopySources(IReadOnlyList<CopySource> sources)
{
    private readonly Lock _lock = new();
    private readonly List<Source> _alive = [.. sources.DistinctBy(place => place.Uri).Select(place => new Source(place))];

    /// <summary>Takes the least busy source; null when none is left.</summary>
    public Source? Take()
    {
        lock (_lock)
        {
            var source = _alive.MinBy(source => source.UnderWay);
            if (source is not null) source.UnderWay++;
            return source;
        }
    }

    /// <summary>A request has ended well.</summary>
    public void Return(Source source)
    {
        lock (_lock) source.UnderWay--;
    }

    /// <summary>The source is dead or lies.</summary>
    public void Drop(Source source)
    {
        lock (_lock) _alive.Remove(source);
    }

    /// <summary>One place to copy from.</summary>
    internal sealed class Source(CopySource place)
    {
        public CopySource Place { get; } = place;

        public int UnderWay { get; set; }
    }
}
