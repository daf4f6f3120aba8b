namespace Scdn.Host.Roles.ContentServer;

/// <summary>
/// Where a content is being copied from: peers first, the origin last. Each request goes to the one with the fewest under way, and one that failed or
/// sent something wrong is dropped for the rest of the copy.
/// </summary>
internal sealed class CopySources(IReadOnlyList<Uri> sources)
{
    private readonly Lock _lock = new();
    private readonly List<Source> _alive = [.. sources.Distinct().Select(uri => new Source(uri))];

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
    internal sealed class Source(Uri uri)
    {
        public Uri Uri { get; } = uri;

        public int UnderWay { get; set; }
    }
}
