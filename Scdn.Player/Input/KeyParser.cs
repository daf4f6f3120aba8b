using System.Text;

namespace Scdn.Player.Input;

/// <summary>
/// Makes keys, and what a terminal answers to questions, of the bytes that it sends (ECMA-48, section 5.4; xterm control sequences). Not thread-safe.
/// </summary>
internal sealed class KeyParser
{
    private const byte EscapeByte = 0x1B;

    /// <summary>What is longer than this is no answer to anything.</summary>
    private const int MostBytes = 4096;

    private readonly List<byte> _kept = [];

    /// <summary>Takes bytes in, as they were read at once: an escape at their end is the key itself.</summary>
    /// <param name="bytes">They.</param>
    /// <param name="onKey">Told each key.</param>
    /// <param name="onAnswer">Told each answer, without what it begins and ends with: <c>?62;4c</c>, <c>6;20;10t</c>, <c>_Gi=31;OK</c>.</param>
    public void Parse(ReadOnlySpan<byte> bytes, Action<Key> onKey, Action<string> onAnswer)
    {
        _kept.AddRange(bytes);
        var all = _kept.ToArray().AsSpan();
        var at = 0;
        while (at < all.Length && Next(all[at..], onKey, onAnswer) is > 0 and var taken) at += taken;
        _kept.RemoveRange(0, at);
        if (_kept.Count > MostBytes) _kept.Clear();
    }

    // How many bytes were taken; 0 when the rest of it has not come yet.
    private static int Next(ReadOnlySpan<byte> bytes, Action<Key> onKey, Action<string> onAnswer)
    {
        switch (bytes[0])
        {
            case EscapeByte when bytes.Length == 1:
                onKey(new(KeyName.Escape));
                return 1;
            case EscapeByte when bytes[1] == '[':
                return ControlSequence(bytes, onKey, onAnswer);
            case EscapeByte when bytes[1] == 'O':
                if (bytes.Length < 3) return 0;
                if (NameOf((char)bytes[2]) is { } name) onKey(new(name));
                return 3;
            case EscapeByte when bytes[1] is (byte)'_' or (byte)'P' or (byte)']':
                return ControlString(bytes, onAnswer);
            case EscapeByte:
                onKey(new(KeyName.Escape));
                return 1;
            case < 0x20 or 0x7F:
                if (NameOf(bytes[0]) is { } control) onKey(new(control));
                return 1;
            default:
                return Character(bytes, onKey);
        }
    }

    private static int ControlSequence(ReadOnlySpan<byte> bytes, Action<Key> onKey, Action<string> onAnswer)
    {
        var end = 2;
        while (end < bytes.Length && bytes[end] is < 0x40 or > 0x7E) end++;
        if (end >= bytes.Length) return 0;
        var text = Encoding.Latin1.GetString(bytes[2..(end + 1)]);
        var final = text[^1];
        if (final == '~')
        {
            if (Numbered(text[..^1].Split(';')[0]) is { } numbered) onKey(new(numbered));
        }
        else if (NameOf(final) is { } name) onKey(new(name));
        else onAnswer(text);
        return end + 1;
    }

    private static int ControlString(ReadOnlySpan<byte> bytes, Action<string> onAnswer)
    {
        var end = bytes.IndexOf("\u001b\\"u8);
        if (end < 0) return 0;
        onAnswer(Encoding.Latin1.GetString(bytes[1..end]));
        return end + 2;
    }

    private static int Character(ReadOnlySpan<byte> bytes, Action<Key> onKey)
    {
        var status = Rune.DecodeFromUtf8(bytes, out var rune, out var taken);
        if (status is System.Buffers.OperationStatus.NeedMoreData) return 0;
        if (status is System.Buffers.OperationStatus.Done && rune.IsBmp) onKey(Key.Of((char)rune.Value));
        return taken;
    }

    private static KeyName? NameOf(char final) => final switch
    {
        'A' => KeyName.Up,
        'B' => KeyName.Down,
        'C' => KeyName.Right,
        'D' => KeyName.Left,
        'H' => KeyName.Home,
        'F' => KeyName.End,
        _ => null,
    };

    private static KeyName? Numbered(string number) => number switch
    {
        "1" or "7" => KeyName.Home,
        "4" or "8" => KeyName.End,
        "5" => KeyName.PageUp,
        "6" => KeyName.PageDown,
        _ => null,
    };

    private static KeyName? NameOf(byte control) => control switch
    {
        0x03 => KeyName.Interrupt,
        0x0C => KeyName.Redraw,
        0x0D or 0x0A => KeyName.Enter,
        0x1A => KeyName.Suspend,
        _ => null,
    };
}
