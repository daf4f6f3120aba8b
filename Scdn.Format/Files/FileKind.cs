using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Scdn.Format;

/// <summary>What a path names, found out without waiting: to open a pipe to which nobody writes takes for ever, and no cancellation ends it.</summary>
public static partial class FileKind
{
    private const int ReadOnly = 0;

    /// <summary>Whether it is a pipe or a terminal, which can't be read from any place. False where it can't be opened: whoever opens it then hears why.</summary>
    public static bool IsPipe(string path)
    {
        if (Flags() is not { } flags) return false;
        using var file = new SafeFileHandle(Open(path, flags), ownsHandle: true);
        if (file.IsInvalid) return false;
        try
        {
            RandomAccess.GetLength(file);
            return false;
        }
        catch (NotSupportedException)
        {
            return true;
        }
    }

    /// <summary>Do not wait, and do not pass on to child processes; null where the numbers are not known.</summary>
    private static int? Flags() =>
        OperatingSystem.IsLinux() ? ReadOnly | 0x800 | 0x80000
        : OperatingSystem.IsMacOS() ? ReadOnly | 0x4 | 0x1000000
        : null;

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(string path, int flags);
}
