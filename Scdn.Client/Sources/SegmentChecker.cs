using System.Diagnostics.CodeAnalysis;
using Scdn.Format;

namespace Scdn.Client.Sources;

/// <summary>
/// Checks stored segments and gives their plain bytes: sealed ones by their tag, clear ones by their part's hash list, which has to be learnt first. Without the content key all are checked by hash lists, and sealed ones stay sealed. Of the
/// lists it keeps only some, the ones that were used last. Thread-safe.
/// </summary>
/// <param name="map">The content's segments.</param>
/// <param name="published">Finds a part as everybody may know it; null when there is none.</param>
/// <param name="key">The content key; null when nothing is protected, or nobody has it yet.</param>
/// <param name="mostListBytes">Bytes of all hash lists that are kept; the usual 16 MiB are those of 32 GiB, so that none is forgotten while its segments come in.</param>
internal sealed class SegmentChecker(SegmentMap map, Func<PartId, PublicPart?> published, ContentKey? key, long mostListBytes = 16 << 20)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<PartId, LinkedListNode<PartVerifier>> _verifiers = [];
    private readonly LinkedList<PartVerifier> _byUse = [];
    private long _listBytes;

    /// <summary>For who has the header.</summary>
    public SegmentChecker(SegmentMap map, Header header, ContentKey? key, long mostListBytes = 16 << 20)
        : this(map, id => header.TryGetPart(id, out var part) ? part : null, key, mostListBytes)
    {
    }

    /// <summary>Whether segments of the part can be checked.</summary>
    public bool IsReady(ManifestPart part) => IsOpened(part) || TryFind(part.Id, out _);

    /// <summary>Learns a part's hash list; false when it is not the one the header names.</summary>
    public bool TryLearn(ManifestPart part, ReadOnlyMemory<byte> hashList)
    {
        if (published(part.Id) is not { } known || !PartVerifier.TryCreate(known, hashList, out var verifier)) return false;
        Keep(part.Id, verifier);
        return true;
    }

    /// <summary>Checks a stored segment and writes its plain bytes, unless it stays sealed; false when it is not what was published.</summary>
    public bool TryOpen(int segment, ReadOnlySpan<byte> stored, Span<byte> plain)
    {
        var index = map.PartOf(segment);
        var part = map.Part(index);
        var within = segment - map.FirstSegment(index);
        if (IsOpened(part))
        {
            // Deriving the part's key costs a fraction of what opening a segment does; keeping ciphers would cost a handle a part.
            using var cipher = new PartCipher(key!, part.Id);
            return cipher.TryOpen(within, part.Layout.IsLast(within), stored, plain);
        }

        if (!TryFind(part.Id, out var verifier) || !verifier.IsIntact(within, stored)) return false;
        if (!part.Encrypted) stored.CopyTo(plain);
        return true;
    }

    private bool IsOpened(ManifestPart part) => part.Encrypted && key is not null;

    private bool TryFind(PartId part, [NotNullWhen(true)] out PartVerifier? verifier)
    {
        lock (_gate)
        {
            verifier = null;
            if (!_verifiers.TryGetValue(part, out var node)) return false;
            _byUse.Remove(node);
            _byUse.AddFirst(node);
            verifier = node.Value;
            return true;
        }
    }

    private void Keep(PartId part, PartVerifier verifier)
    {
        lock (_gate)
        {
            if (_verifiers.ContainsKey(part)) return;
            _verifiers.Add(part, _byUse.AddFirst(verifier));
            _listBytes += verifier.Layout.HashList.Length;
            while (_listBytes > mostListBytes && _byUse.Count > 1)
            {
                var oldest = _byUse.Last!.Value;
                _byUse.RemoveLast();
                _verifiers.Remove(oldest.Part.Id);
                _listBytes -= oldest.Layout.HashList.Length;
            }
        }
    }
}
