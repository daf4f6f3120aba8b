using System.CommandLine;
using Spectre.Console;

namespace Scdn.Cli.Input;

/// <summary>Passwords are typed unseen or read from a file; never an argument, which every user of the machine could see.</summary>
internal static class Passwords
{
    public static Option<FileInfo?> FileOption() => new("--password-file") { Description = "Read the password from the first line of this file instead of asking.", HelpName = "FILE" };

    /// <summary>The password of an account.</summary>
    /// <param name="file">The file to read; null: ask.</param>
    /// <param name="account">Whose, for the question.</param>
    /// <param name="repeat">Whether it is a new one, which is asked for twice.</param>
    /// <param name="stop">Gives up.</param>
    public static async Task<string> ReadAsync(FileInfo? file, string account, bool repeat, CancellationToken stop)
    {
        if (file is not null)
        {
            using var reader = new StreamReader(file.FullName);
            return await reader.ReadLineAsync(stop) is { Length: > 0 } line ? line : throw new CliException($"The password file {file.FullName} is empty.");
        }

        if (Console.IsInputRedirected) throw new CliException("There is no terminal to ask for the password: give it in a file, with --password-file.");
        // Questions go to standard error: standard output is for results.
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        var password = await AskAsync(console, $"Password of {account}:", stop);
        if (repeat && await AskAsync(console, "Once more:", stop) != password) throw new CliException("The two passwords are not the same: try again.");
        return password;
    }

    private static Task<string> AskAsync(IAnsiConsole console, string question, CancellationToken stop) =>
        new TextPrompt<string>(Markup.Escape(question)).Secret(null).ShowAsync(console, stop);
}
