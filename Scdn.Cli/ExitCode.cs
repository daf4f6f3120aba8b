namespace Scdn.Cli;

/// <summary>What a command's end says to the shell.</summary>
internal static class ExitCode
{
    public const int Done = 0;

    /// <summary>It could not be done; why is on standard error.</summary>
    public const int Failed = 1;

    /// <summary>It was typed wrongly.</summary>
    public const int Usage = 2;

    /// <summary>Ctrl-C (128 + SIGINT).</summary>
    public const int Interrupted = 130;

    /// <summary>Ended from outside (128 + SIGTERM).</summary>
    public const int Terminated = 143;
}
