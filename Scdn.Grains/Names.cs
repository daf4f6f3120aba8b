using System.Buffers;

namespace Scdn.Grains;

/// <summary>The one syntax of names that people choose, for users and for hosts: 1 to 64 ASCII letters, digits, <c>. _ - @</c>.</summary>
public static class Names
{
    private const int MaxLength = 64;

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-@");

    /// <summary>Why something is none; null when it is one.</summary>
    public static Refusal? Check(string name) =>
        name.Length is 0 or > MaxLength || name.AsSpan().ContainsAnyExcept(Allowed)
            ? Refusal.Invalid($"A name has 1 to {MaxLength} letters (a to z), digits and the characters . _ - @; choose one like that.")
            : null;
}
