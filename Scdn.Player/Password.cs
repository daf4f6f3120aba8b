using System.Text;

namespace Scdn.Player;

/// <summary>A password is typed unseen or read from a file; never an argument, which every user of the machine could see.</summary>
internal static class Password
{
    public static async Task<string> ReadAsync(FileInfo? file, string user, TextWriter prompt, CancellationToken cancellationToken)
    {
        if (file is not null)
        {
            using var reader = new StreamReader(file.FullName);
            return await reader.ReadLineAsync(cancellationToken) is { Length: > 0 } line ? line : throw new PlayerException($"The password file {file.FullName} is empty.");
        }

        if (Console.IsInputRedirected) throw new PlayerException("There is no terminal to ask for the password: give it in a file, with --password-file.");
        await prompt.WriteAsync($"Password of {user}: ");
        var typed = new StringBuilder();
        while (Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } key)
        {
            if (key.Key is ConsoleKey.Backspace) typed.Length = Math.Max(0, typed.Length - 1);
            else if (!char.IsControl(key.KeyChar)) typed.Append(key.KeyChar);
        }

        await prompt.WriteLineAsync();
        return typed.ToString();
    }
}
