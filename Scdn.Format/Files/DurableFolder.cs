using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Scdn.Format;

/// <summary>Makes renames in a folder last: on POSIX systems a new name is on disk only once the folder itself was synchronized.</summary>
public static partial class DurableFolder
{
    /// <summary>Waits until the names in a folder are on disk. Where the system has no such call (Windows), its journal does it.</summary>
    /// <exception cref="IOException">The folder is not there, or the disk failed.</exception>
    public static void Flush(string folder)
    {
        if (!OperatingSystem.IsWindows()) Posix.Flush(folder);
    }

    /// <summary>Moves a finished file to its name and has it on disk before returning; never overwrites.</summary>
    /// <param name="from">A file on the same file system, its contents flushed.</param>
    /// <param name="to">Its name from now on.</param>
    /// <exception cref="IOException">The name is taken, or the disk failed.</exception>
    public static void MoveIn(string from, string to)
    {
        File.Move(from, to, overwrite: false);
        Flush(Path.GetDirectoryName(Path.GetFullPath(to))!);
    }

    /// <summary>As <see cref="MoveIn"/>, and of several that take the same name at the same instant one gets it: a rename alone would let the last one win over those before. A crash may leave both names.</summary>
    /// <param name="from">A file on the same file system, its contents flushed.</param>
    /// <param name="to">Its name from now on.</param>
    /// <exception cref="IOException">The name is taken, or the disk failed.</exception>
    public static void Claim(string from, string to)
    {
        // Where the file system knows no second names, a look and a rename have to do.
        if (OperatingSystem.IsWindows() || !Posix.TryLink(from, to)) MoveIn(from, to);
        else
        {
            File.Delete(from);
            Flush(Path.GetDirectoryName(Path.GetFullPath(to))!);
        }
    }

    /// <summary>As <see cref="MoveIn"/>, but in place of what has the name: at every instant one of the two has it.</summary>
    /// <param name="from">A file on the same file system, its contents flushed.</param>
    /// <param name="to">Its name from now on.</param>
    /// <exception cref="IOException">The disk failed.</exception>
    public static void MoveOver(string from, string to)
    {
        File.Move(from, to, overwrite: true);
        Flush(Path.GetDirectoryName(Path.GetFullPath(to))!);
    }

    [UnsupportedOSPlatform("windows")]
    private static partial class Posix
    {
        private const int ReadOnly = 0;

        public static void Flush(string folder)
        {
            var descriptor = Open(folder, ReadOnly);
            if (descriptor < 0) throw Fault(folder);
            try
            {
                if (Synchronize(descriptor) < 0) throw Fault(folder);
            }
            finally
            {
                _ = Close(descriptor);
            }
        }

        public static bool TryLink(string from, string to) => Link(from, to) == 0;

        private static IOException Fault(string folder) => new($"The folder {folder} could not be synchronized: {Marshal.GetLastPInvokeErrorMessage()}.");

        [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        private static partial int Open(string path, int flags);

        [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        private static partial int Synchronize(int descriptor);

        [LibraryImport("libc", EntryPoint = "link", StringMarshalling = StringMarshalling.Utf8)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        private static partial int Link(string from, string to);

        [LibraryImport("libc", EntryPoint = "close")]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        private static partial int Close(int descriptor);
    }
}
