namespace Scdn.Format;

/// <summary>How far a splitter is.</summary>
/// <param name="Done">Bytes of the original that are in parts.</param>
/// <param name="Total">Bytes of the original.</param>
public readonly record struct SplitProgress(long Done, long Total);

/// <summary>What splitting made.</summary>
/// <param name="Header">The header, as written.</param>
/// <param name="HeaderPath">Its file; the parts lie beside it.</param>
/// <param name="Manifest">What is sealed in the header.</param>
/// <param name="Key">The content key, the only copy there is; null when nothing is protected.</param>
/// <param name="KeptBytes">Bytes of the original in parts that an earlier run had finished.</param>
public sealed record SplitResult(Header Header, string HeaderPath, Manifest Manifest, ContentKey? Key, long KeptBytes);
