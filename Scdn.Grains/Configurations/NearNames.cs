namespace Scdn.Grains.Configurations;

/// <summary>Finds what somebody may have meant.</summary>
internal static class NearNames
{
    private const int Shown = 3;
    private const int Longest = 64;

    /// <summary>Names the nearest of them, or, when none is near, says where all are listed.</summary>
    public static string Sentence(string meant, IEnumerable<string> names, string list)
    {
        var typed = meant.Length > Longest ? meant[..Longest] : meant;
        var near = from name in names let distance = Distance(typed, name) where distance <= typed.Length / 2 orderby distance select name;
        return string.Join(" or ", near.Take(Shown)) is { Length: > 0 } nearest ? $"did you mean {nearest}?" : $"{list} lists those there are.";
    }

    /// <summary>How many letters are to be put in, taken out or changed (Levenshtein, 1965), but for what is only left out at an end: a piece of a name is near.</summary>
    private static int Distance(string meant, string name)
    {
        if (meant.Length > 0 && name.Contains(meant, StringComparison.OrdinalIgnoreCase)) return 0;
        var row = Enumerable.Range(0, name.Length + 1).ToArray();
        for (var i = 1; i <= meant.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= name.Length; j++)
            {
                var changed = diagonal + (char.ToLowerInvariant(meant[i - 1]) == name[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(changed, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[name.Length];
    }
}
