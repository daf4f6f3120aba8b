namespace Scdn.Cli.Input;

/// <summary>Things as people name them: by id, or by a name that only one of them has.</summary>
internal static class Choice
{
    /// <param name="all">What there is.</param>
    /// <param name="wanted">What was typed.</param>
    /// <param name="id">A thing's id.</param>
    /// <param name="name">A thing's name.</param>
    /// <param name="kind">What such a thing is called.</param>
    /// <param name="list">The command that lists them.</param>
    public static T Find<T>(IReadOnlyList<T> all, string wanted, Func<T, string> id, Func<T, string> name, string kind, string list)
    {
        var found = all.Where(one => id(one).Equals(wanted, StringComparison.OrdinalIgnoreCase)).ToList();
        if (found.Count == 0) found = [.. all.Where(one => name(one).Equals(wanted, StringComparison.OrdinalIgnoreCase))];
        return found switch
        {
            [var one] => one,
            [] => throw new CliException($"There is no {kind} '{wanted}': see '{list}'."),
            _ => throw new CliException($"{found.Count} {kind}s are called '{wanted}': name one by its id, such as {id(found[0])}."),
        };
    }
}
