using System.Diagnostics;
using System.Globalization;

namespace Scdn.Player.Terminal;

/// <summary>
/// Changes how the terminal behaves, and changes it back however this program ends, also by signal 9: a shell beside it, which outlives it, holds the settings as they were. Not thread-safe.
/// </summary>
internal sealed class TerminalKeeper : IDisposable
{
    // What it says is read line by line; where nothing more comes, this program is gone. The terminal's own signals are not for it.
    private const string Script = """
        trap '' INT QUIT TSTP TTIN TTOU HUP TERM
        exec 3<>/dev/tty || exit 1
        saved=$(stty -g <&3) || exit 1
        in=
        echo ready
        while read -r word; do
          case $word in
            enter) stty raw -echo <&3; in=1; echo done;;
            leave) stty "$saved" <&3; in=; echo done;;
            size) stty size <&3;;
            stop) kill -STOP "$PPID"; echo done;;
          esac
        done
        if [ -n "$in" ]; then
          stty "$saved" <&3
          printf '%s' "$1" >&3
        fi
        """;

    private readonly Process _shell;

    private TerminalKeeper(Process shell) => _shell = shell;

    /// <summary>Begins; null where there is no terminal.</summary>
    /// <param name="farewell">What is written to the terminal when this program ends without having left.</param>
    public static TerminalKeeper? Start(string farewell)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", Script, "sh", farewell])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var keeper = new TerminalKeeper(Process.Start(start)!);
        if (keeper._shell.StandardOutput.ReadLine() == "ready") return keeper;
        keeper.Dispose();
        return null;
    }

    /// <summary>From now on every key is given out as it is pressed, and none is shown.</summary>
    public void Enter() => Say("enter");

    /// <summary>As it was before.</summary>
    public void Leave() => Say("leave");

    /// <summary>Stops this program as the terminal's user would; it goes on here when it is told to.</summary>
    public void Stop() => Say("stop");

    /// <summary>How large the terminal is; 80 by 24 where it does not know.</summary>
    public (int Columns, int Rows) Size()
    {
        return Say("size")?.Split(' ') is [var rows, var columns]
            && int.TryParse(rows, NumberStyles.None, CultureInfo.InvariantCulture, out var down)
            && int.TryParse(columns, NumberStyles.None, CultureInfo.InvariantCulture, out var across)
            && down > 0 && across > 0
            ? (across, down)
            : (80, 24);
    }

    public void Dispose()
    {
        _shell.StandardInput.Close();
        _shell.WaitForExit();
        _shell.Dispose();
    }

    private string? Say(string word)
    {
        _shell.StandardInput.Write(word + '\n');
        _shell.StandardInput.Flush();
        return _shell.StandardOutput.ReadLine();
    }
}
