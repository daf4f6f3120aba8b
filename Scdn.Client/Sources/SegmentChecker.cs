using System.Collections.Concurrent;
using Scdn.Format;

namespace Scdn.Client.Sources;

/// <summary>
/// Checks stored segments and gives their plain bytes: sealed ones by their tag, clear ones by their part's hash list, which has to be learnt first. Thread-safe.
/// </summary>
internal sealed class SegmentChecker(SegmentMap map, Header header, ContentKey? key)
{
    private readonly ConcurrentDictionary<PartId, PartVerifier> _verifiers = new();

    /// <summary>Whether segments of the part can be checked.</summary>
    public bool IsReady(ManifestPart part) => part.Encrypted || _verifiers.ContainsKey(part.Id);

    /// <summary>Learns a part's hash list; false when it is not the one the header names.</summary>
    public bool TryLearn(ManifestPart part, ReadOnlyMemory<byte> hashList)
    {
        if (!header.TryGetPart(part.Id, out var known) || !PartVerifier.TryCreate(known, hashList, out var verifier)) return false;
        _verifiers[part.Id] = verifier;
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

        if (!_verifiers.TryGetValue(part.Id, out var verifier) || !verifier.IsIntact(within, stored)) return false;
        stored.CopyTo(plain);
        return true;
    }
}
