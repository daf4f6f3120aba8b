using System.IO.Pipes;
using System.Runtime.InteropServices;

namespace Scdn.Media.Decoding;

/// <summary>Makes the pipe from a program small, so that it soon has to wait for its reader. A pipe holds 64 KiB by default: a quarter of a minute of frame lines.</summary>
internal static partial class PipeSize
{
    private const int SetPipeSize = 1031;
    private const int Smallest = 4096;

    /// <summary>Works on Linux; elsewhere the pipe stays as it is, which costs exactness only.</summary>
    public static void MakeSmall(Stream output)
    {
        if (OperatingSystem.IsLinux() && output is PipeStream pipe) _ = Control(pipe.SafePipeHandle, SetPipeSize, Smallest);
    }

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Control(SafeHandle pipe, int command, int argument);
}
