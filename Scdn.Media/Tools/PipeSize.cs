using System.IO.Pipes;
using System.Runtime.InteropServices;

namespace Scdn.Media.Tools;

/// <summary>Sets how far a program can be ahead of the one who reads its pipe; 64 KiB when nobody does. Works on Linux; elsewhere the pipe stays as it is, which costs exactness only.</summary>
internal static partial class PipeSize
{
    private const int SetPipeSize = 1031;
    private const int Smallest = 4096;

    /// <summary>The program soon has to wait for its reader.</summary>
    public static void MakeSmall(Stream output)
    {
        if (OperatingSystem.IsLinux() && output is PipeStream pipe) _ = Control(pipe.SafePipeHandle, SetPipeSize, Smallest);
    }

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Control(SafeHandle pipe, int command, int argument);
}
