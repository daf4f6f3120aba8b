using System.IO.Pipes;
using System.Runtime.InteropServices;

namespace Scdn.Media.Tools;

/// <summary>Sets how far a program can be ahead of the one who reads its pipe; 64 KiB when nobody does. Works on Linux; elsewhere the pipe stays as it is, which costs exactness or time only.</summary>
internal static partial class PipeSize
{
    private const int SetPipeSize = 1031;
    private const int Smallest = 4096;

    // What any user may set (pipe(7): pipe-max-size).
    private const int Largest = 1024 * 1024;

    /// <summary>The program soon has to wait for its reader.</summary>
    public static void MakeSmall(Stream output) => Set(output, Smallest);

    /// <summary>The program hardly ever has to wait.</summary>
    public static void MakeLarge(Stream output) => Set(output, Largest);

    private static void Set(Stream output, int size)
    {
        if (OperatingSystem.IsLinux() && output is PipeStream pipe) _ = Control(pipe.SafePipeHandle, SetPipeSize, size);
    }

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Control(SafeHandle pipe, int command, int argument);
}
