using Scdn.Format;

namespace Scdn.Cli.Output;

/// <summary>Draws an original as a bar.</summary>
internal static class FileMap
{
    private const char Head = '█';
    private const char Data = '─';
    private const char KeyFrame = '╵';

    /// <summary>The bar, the key frames below it, and what the signs mean; as many cells as <paramref name="width"/>.</summary>
    public static IEnumerable<string> Draw(Manifest manifest, int width)
    {
        if (manifest.Length == 0) yield break;
        var bar = Enumerable.Repeat(Data, width).ToArray();
        foreach (var extent in manifest.Parts.Where(part => part.Kind == PartKind.Head).SelectMany(part => part.Extents))
            Array.Fill(bar, Head, CellOf(extent.Offset), CellOf(extent.End - 1) - CellOf(extent.Offset) + 1);
        var marks = Enumerable.Repeat(' ', width).ToArray();
        foreach (var frame in manifest.KeyFrames) marks[CellOf(frame.Offset)] = KeyFrame;
        yield return new(bar);
        if (manifest.KeyFrames.Length > 0) yield return new(marks);
        yield return $"{Head} head  {Data} data  {KeyFrame} key frames; a cell is {Units.Size(Math.Max(1, manifest.Length / width))}";

        // As decimals: a large file times a width does not fit.
        int CellOf(long offset) => (int)((decimal)offset * width / manifest.Length);
    }
}
