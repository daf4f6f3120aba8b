using Microsoft.Win32.SafeHandles;
using Scdn.Format;

namespace Scdn.Client.Storing;

/// <summary>The store's part files: one a part, named by it, with holes where nothing was received yet.</summary>
internal static class PartFiles
{
    /// <summary>A file that no list names is left over when nobody has written to it for as long.</summary>
    private static readonly TimeSpan Unlisted = TimeSpan.FromMinutes(1);

    public static async Task WriteAsync(string folder, PartId part, long offset, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        using var file = Open(folder, part, FileMode.OpenOrCreate, FileAccess.ReadWrite);
        await RandomAccess.WriteAsync(file, bytes, offset, cancellationToken);
    }

    /// <summary>False when the file is not there, or too short, or can't be read.</summary>
    public static async ValueTask<bool> TryReadAsync(string folder, PartId part, long offset, Memory<byte> output, CancellationToken cancellationToken)
    {
        try
        {
            using var file = Open(folder, part, FileMode.Open, FileAccess.Read);
            while (output.Length > 0)
            {
                var read = await RandomAccess.ReadAsync(file, output, offset, cancellationToken);
                if (read == 0) return false;
                (output, offset) = (output[read..], offset + read);
            }

            return true;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>False when it can't be removed.</summary>
    public static bool TryRemove(string folder, PartId part)
    {
        try
        {
            File.Delete(Path.Combine(folder, part.ToString()));
            return true;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Removes what a player that was killed had not listed yet.</summary>
    public static void RemoveUnlisted(string folder, IReadOnlySet<PartId> listed)
    {
        foreach (var file in new DirectoryInfo(folder).EnumerateFiles())
        {
            if (PartId.TryParse(file.Name, out var part) && !listed.Contains(part) && file.LastWriteTimeUtc < DateTime.UtcNow - Unlisted) TryRemove(folder, part);
        }
    }

    private static SafeFileHandle Open(string folder, PartId part, FileMode mode, FileAccess access) =>
        File.OpenHandle(Path.Combine(folder, part.ToString()), mode, access, FileShare.ReadWrite | FileShare.Delete);
}
