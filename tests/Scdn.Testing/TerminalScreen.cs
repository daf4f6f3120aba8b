using System.Globalization;
using System.Text;

namespace Scdn.Testing;

/// <summary>
/// What a terminal shows, of what was written to it: as much of ECMA-48 and of xterm's sequences as programs under test use. Colours are not looked at. Thread-safe.
/// </summary>
public sealed class TerminalScreen
{
    private readonly Lock _gate = new();
    private readonly StringBuilder _pending = new();
    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
    private char[][] _cells = [];
    private int _row;
    private int _column;
    private bool _wraps = true;

    public TerminalScreen(int columns, int rows) => Resize(columns, rows);

    /// <summary>Whether the second screen is shown, which programs that fill it use.</summary>
    public bool IsSecond { get; private set; }

    /// <summary>Whether the cursor is shown.</summary>
    public bool HasCursor { get; private set; } = true;

    /// <summary>Its lines.</summary>
    public string Text
    {
        get
        {
            lock (_gate) return string.Join('\n', _cells.Select(row => new string(row).TrimEnd()));
        }
    }

    /// <summary>Another size: nothing is shown before it is drawn again.</summary>
    public void Resize(int columns, int rows)
    {
        lock (_gate) _cells = [.. Enumerable.Range(0, rows).Select(_ => Enumerable.Repeat(' ', columns).ToArray())];
    }

    /// <summary>Takes in what was written.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            var characters = new char[bytes.Length + 4];
            _pending.Append(characters, 0, _decoder.GetChars(bytes, characters, flush: false));
            var text = _pending.ToString();
            var at = 0;
            while (at < text.Length && Taken(text.AsSpan(at)) is > 0 and var taken) at += taken;
            _pending.Remove(0, at);
        }
    }

    // How many characters were taken in; 0 when the rest of it has not come yet.
    private int Taken(ReadOnlySpan<char> text)
    {
        if (text[0] != '\u001b') return Put(text[0]);
        if (text.Length < 2) return 0;
        if (text[1] != '[') return 2;
        var end = 2;
        while (end < text.Length && text[end] is < '@' or > '~') end++;
        if (end == text.Length) return 0;
        Control(text[2..end].ToString(), text[end]);
        return end + 1;
    }

    private int Put(char character)
    {
        if (character == '\n') Feed();
        else if (character == '\r') _column = 0;
        else if (character >= ' ')
        {
            if (_wraps && _column >= _cells[0].Length) Feed();
            if (_row < _cells.Length && _column < _cells[_row].Length) _cells[_row][_column] = character;
            _column++;
        }

        return 1;
    }

    private void Clear()
    {
        foreach (var row in _cells) Array.Fill(row, ' ');
    }

    // On to the next line; from the last one all move up.
    private void Feed()
    {
        (_row, _column) = (_row + 1, 0);
        if (_row < _cells.Length) return;
        _row = _cells.Length - 1;
        _cells = [.. _cells[1..], Enumerable.Repeat(' ', _cells[0].Length).ToArray()];
    }

    private void Control(string parameters, char final)
    {
        switch (final)
        {
            case 'H':
                var place = parameters.Split(';').Select(number => int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value - 1 : 0).ToArray();
                (_row, _column) = (place[0], place.Length > 1 ? place[1] : 0);
                break;
            case 'J':
                Clear();
                break;
            case 'h' or 'l' when parameters == "?1049":
                // What the first one showed is not kept.
                IsSecond = final == 'h';
                Clear();
                (_row, _column) = (0, 0);
                break;
            case 'h' or 'l' when parameters == "?7":
                _wraps = final == 'h';
                break;
            case 'h' or 'l' when parameters == "?25":
                HasCursor = final == 'h';
                break;
        }
    }
}
