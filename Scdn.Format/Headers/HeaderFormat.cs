namespace Scdn.Format;

/// <summary>The numbers of version 1 (SPEC.md).</summary>
internal static class HeaderFormat
{
    public const ushort Version = 1;
    public const int PreambleSize = 10;
    public const int SectionHeadSize = 8;
    public const ushort CriticalFlag = 1;

    /// <summary>UUID, flags, stored length, root.</summary>
    public const int PublicPartSize = 16 + 1 + 8 + PartLayout.HashSize;

    public const int PublicKeySize = 64;
    public const int SignatureSize = 64;
    public const int SignaturePayloadSize = PublicKeySize + SignatureSize;

    public const int MaxFileSize = 64 * 1024 * 1024;
    /// <summary>Parts and extents, each: a small file can't ask for much more memory than its own size.</summary>
    public const int MaxItems = 1 << 20;

    /// <summary>Key frames, and ranges of all of them together, each: one every 250 ms for 18 hours.</summary>
    public const int MaxKeyFrames = 1 << 18;

    public const int MaxTextBytes = 1024;
    public const int MaxNameBytes = 255;

    /// <summary>As PNG's: a bit above 7, line ends of both kinds and an end-of-file character, so that damage by a text-mode copy shows at once.</summary>
    public static ReadOnlySpan<byte> Magic => [0x89, (byte)'E', (byte)'N', (byte)'P', 0x0D, 0x0A, 0x1A, 0x0A];
}

/// <summary>The header's sections, in their order in the file.</summary>
internal static class SectionType
{
    public const ushort Public = 1;
    public const ushort Sealed = 2;
    public const ushort Clear = 3;
    public const ushort Signature = 0xFFFF;

    public static bool IsKnown(ushort type) => type is Public or Sealed or Clear or Signature;
}

/// <summary>The manifest's sections, in their order.</summary>
internal static class ManifestSectionType
{
    public const ushort Original = 1;
    public const ushort Title = 2;
    public const ushort MediaType = 3;
    public const ushort Container = 4;
    public const ushort Parts = 5;
    public const ushort KeyFrames = 6;
    public const ushort InlineHead = 7;
    public const ushort View = 8;
    public const ushort Note = 9;

    public static bool IsKnown(ushort type) => type is >= Original and <= Note;
}
