using System.Collections.Immutable;

namespace Scdn.Format;

/// <summary>What is known about seeking in an original.</summary>
/// <param name="KeyFrames">Its key frames, in any order.</param>
/// <param name="View">How to seek without searching; null when demuxers need no help.</param>
/// <param name="Note">What could not be found out, for people; null when there is nothing to say.</param>
public sealed record SeekIndex(ImmutableArray<KeyFrame> KeyFrames, SeekView? View, string? Note)
{
    /// <summary>Demuxers aim a little before the time that they are told, so that frames which are shown in another order than they are stored do not go missing.</summary>
    private static readonly TimeSpan AimsBefore = TimeSpan.FromMilliseconds(200);

    /// <summary>Those that go by when frames are decoded find one that is shown a little later.</summary>
    private static readonly TimeSpan AimsAfter = TimeSpan.FromMilliseconds(200);

    /// <summary>Nothing is known.</summary>
    public static SeekIndex None { get; } = new([], null, null);

    /// <summary>What a manifest says.</summary>
    public static SeekIndex Of(Manifest manifest) => new(manifest.KeyFrames, manifest.View, manifest.Note);

    /// <summary>The key frames that a seek to a time may begin at, by time: the last one at or before it, and those besides that are very near. Empty without an index.</summary>
    /// <param name="time">From the content's start; <see cref="KeyFrames"/> must be sorted by time, as they are in a manifest.</param>
    public ReadOnlySpan<KeyFrame> At(TimeSpan time)
    {
        if (KeyFrames.IsEmpty) return [];
        var last = Math.Max(0, LastAt(time + AimsAfter));
        var first = Math.Max(0, LastAt(time - AimsBefore));
        return KeyFrames.AsSpan()[first..(last + 1)];
    }

    /// <summary>The last key frame at or before a time, else the first; null without an index.</summary>
    public KeyFrame? Before(TimeSpan time) => KeyFrames.IsEmpty ? null : KeyFrames[Math.Max(0, LastAt(time))];

    private int LastAt(TimeSpan time)
    {
        var (low, high) = (-1, KeyFrames.Length - 1);
        while (low < high)
        {
            var middle = low + ((high - low + 1) / 2);
            if (KeyFrames[middle].Time <= time) low = middle;
            else high = middle - 1;
        }

        return low;
    }
}
