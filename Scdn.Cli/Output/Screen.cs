namespace Scdn.Cli.Output;

/// <summary>Where a program speaks, and whether somebody is there to watch.</summary>
/// <param name="Out">For results.</param>
/// <param name="Errors">For everything else.</param>
/// <param name="OutIsTerminal">Whether results are seen on a terminal that understands colours.</param>
/// <param name="ErrorsAreTerminal">Whether progress can be drawn beside them.</param>
internal sealed record Screen(TextWriter Out, TextWriter Errors, bool OutIsTerminal, bool ErrorsAreTerminal)
{
    /// <summary>This process's own.</summary>
    public static Screen OfProcess()
    {
        var dumb = Environment.GetEnvironmentVariable("TERM") is "dumb";
        return new(Console.Out, Console.Error, !Console.IsOutputRedirected && !dumb, !Console.IsErrorRedirected && !dumb);
    }
}
