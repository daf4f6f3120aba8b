using System.Runtime.InteropServices;

namespace Scdn.Testing;

/// <summary>Pipes with a name, to which nobody writes: who opens one waits for ever.</summary>
public static partial class Pipe
{
    /// <summary>Makes one and gives its path.</summary>
    public static string Make(string path) =>
        MakeFifo(path, 0x180) == 0 ? path : throw new IOException($"The pipe {path} can't be made: {Marshal.GetLastPInvokeErrorMessage()}.");

    [LibraryImport("libc", EntryPoint = "mkfifo", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MakeFifo(string path, uint mode);
}
