using System.Diagnostics.CodeAnalysis;
using Scdn.Format;

namespace Scdn.Client.Sources;

/// <summary>
/// Checks stored segments and gives their plain bytes: sealed ones by their tag, clear ones by their part's hash list, which has to be learnt first. Of those it keeps only some, the ones that were
/// used last. Thread-safe.
/// </summary>
/// <param name="map">The content's segments.</param>
/// <param name="header">The content's header.</param>
/// <param name="key">The content key; null when nothing is protected.</param>
/// <param name="mostListBytes">Bytes of all hash lists that are kept; the usual 16 MiB are those of 32 GiB, so that none is forgotten while its segments come in.</param>
internal sealed class SegmentChecker(SegmentMap map, Header header, ContentKey? key, long mostListBytes = 16 << 20)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<PartId, LinkedListNode<PartVerifier>> _verifiers = [];
    private readonly LinkedList<PartVerifier> _byUse = [];
    private long _listBytes;

    /// <summary>Whether segments of the part can be checked.</summary>
    public bool IsReady(ManifestPart part) => part.Encrypted || TryFind(part.Id, out _);

    /// <summary>Learns a part's hash list; false when it is not the one the header names.</summary>
    public bool TryLearn(ManifestPart part, ReadOnlyMemory<byte> hashList)
    {
        if (!header.TryGetPart(part.Id, out var known) || !PartVerifier.TryCreate(known, hashList, out var verifier)) return false;
        Keep(part.Id, verifier);
        return true;
    }

    /// <summary>Checks a stored segment and writes its plain bytes; false when it is not what was published.</summary>
    public bool TryOpen(int segment, ReadOnlySpan<byte> stored, Span<byte> plain)
    {
        var index = map.PartOf(segment);
        var part = map.Part(index);
        var within = segment - map.FirstSegment(index);
        if (part.Encrypted)
        {
            // Deriving the part's key costs a fraction of what opening a segment does; keeping ciphers would cost a handle a part.
            using var cipher = new PartCipher(key!, part.Id);
            return cipher.TryOpen(within, part.Layout.IsLast(within), stored, plain);
        }

        if (!TryFind(part.Id, out var verifier) || !verifier.IsIntact(within, stored)) return false;
        stored.CopyTo(plain);
        return true;
    }

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
