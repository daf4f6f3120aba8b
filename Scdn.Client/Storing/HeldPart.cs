using Scdn.Format;

namespace Scdn.Client.Storing;

/// <summary>What is held of a part, and what of it the list does not say yet. Not thread-safe.</summary>
internal sealed class HeldPart(ContentId content, PartLayout layout)
{
    private DateTimeOffset _usedAt;
    private bool _areHashesFresh;
    private bool _areHashesLost;

    public ContentId Content => content;

    /// <summary>Segments that are here.</summary>
    public SegmentBits Held { get; private set; } = new(layout.SegmentCount);

    /// <summary>Those of them that are not in the list yet.</summary>
    public SegmentBits Fresh { get; } = new(layout.SegmentCount);

    /// <summary>Segments that the list has and that proved not to be here.</summary>
    public SegmentBits Lost { get; } = new(layout.SegmentCount);

    /// <summary>Whether the list of hashes is here.</summary>
    public bool HasHashes { get; private set; }

    /// <summary>Whether all that is known of it is in the list.</summary>
    public bool IsListed => Fresh.IsEmpty && Lost.IsEmpty && !_areHashesFresh && !_areHashesLost;

    /// <summary>Whether something is here, and the list has nothing of it.</summary>
    public bool IsUnlisted => !Fresh.IsEmpty && Fresh.Count == Held.Count;

    /// <summary>Whether nothing of it is here.</summary>
    public bool IsEmpty => Held.IsEmpty && !HasHashes;

    /// <summary>Stored bytes that are not in the list yet.</summary>
    public long FreshBytes => Bytes(layout, Fresh, _areHashesFresh);

    /// <summary>Stored bytes of all that is here.</summary>
    public long Bytes() => Bytes(layout, Held, HasHashes);

    /// <summary>Stored bytes of some segments, and of the list of hashes.</summary>
    public static long Bytes(PartLayout layout, SegmentBits segments, bool hashes)
    {
        var last = layout.SegmentCount - 1;
        var missing = segments[last] ? layout.StoredSegmentSize - layout.StoredSegment(last).Length : 0;
        return ((long)segments.Count * layout.StoredSegmentSize) - missing + (hashes ? layout.HashList.Length : 0);
    }

    /// <summary>A segment came. False when it was here already.</summary>
    public bool Add(int segment, DateTimeOffset now)
    {
        _usedAt = now;
        Lost[segment] = false;
        if (Held[segment]) return false;
        Held[segment] = Fresh[segment] = true;
        return true;
    }

    /// <summary>The list of hashes came. False when it was here already.</summary>
    public bool AddHashes(DateTimeOffset now)
    {
        _usedAt = now;
        _areHashesLost = false;
        if (HasHashes) return false;
        return HasHashes = _areHashesFresh = true;
    }

    /// <summary>A segment proved not to be here.</summary>
    public void Forget(int segment) => (Held[segment], Fresh[segment], Lost[segment]) = (false, false, true);

    /// <summary>Nothing of it is here.</summary>
    public void Forget()
    {
        for (var segment = 0; segment < layout.SegmentCount; segment++) Forget(segment);
        (HasHashes, _areHashesFresh, _areHashesLost) = (false, false, true);
    }

    /// <summary>What the list is to be told.</summary>
    public PartChange ChangeOf(PartId part) => new(part, content, layout, Fresh.Copy(), Lost.Copy(), _areHashesFresh, _areHashesLost, _usedAt);

    /// <summary>The list was told.</summary>
    public void Told(PartChange change)
    {
        Fresh.Remove(change.Added);
        Lost.Remove(change.Lost);
        if (change.HashesAdded) _areHashesFresh = false;
        if (change.HashesLost) _areHashesLost = false;
    }

    /// <summary>There is another list, which has to be told all.</summary>
    public void Unlist()
    {
        Fresh.Add(Held);
        Lost.Remove(Lost);
        (_areHashesFresh, _areHashesLost) = (HasHashes, false);
    }

    /// <summary>Takes what the list says, besides what it was not told yet. False when that is nothing new.</summary>
    public bool Take(ListedPart listed)
    {
        var held = listed.Held.Length == Held.Bytes.Length ? new SegmentBits([.. listed.Held]) : new(layout.SegmentCount);
        held.Add(Fresh);
        held.Remove(Lost);
        var isNew = !held.Bytes.AsSpan().SequenceEqual(Held.Bytes);
        Held = held;
        HasHashes = _areHashesFresh || (listed.HasHashes && !_areHashesLost);
        return isNew;
    }
}
