using Spectre.Console;

namespace Scdn.Cli.Output;

/// <summary>Tables and lists that look alike in every command.</summary>
internal static class Tables
{
    /// <summary>An empty table with its headings.</summary>
    public static Table New(params IEnumerable<string> headings)
    {
        var table = new Table { Border = TableBorder.Simple };
        foreach (var heading in headings) table.AddColumn(new TableColumn(new Text(heading, new Style(decoration: Decoration.Bold))).NoWrap());
        return table;
    }

    /// <summary>Adds a row; cells are text, never markup.</summary>
    public static Table Row(this Table table, params IEnumerable<object> cells) => table.AddRow(cells.Select(Cell));

    /// <summary>Names and values, one pair a line; pairs without a value are left out. Like sentences they are never wrapped.</summary>
    public static void Facts(this IAnsiConsole console, params IEnumerable<(string Name, string? Value)> facts)
    {
        var told = facts.Where(fact => fact.Value is not null).ToList();
        var width = told.Max(fact => fact.Name.Length) + 3;
        var (bold, plain) = console.Profile.Capabilities.Ansi ? ("\u001b[1m", "\u001b[0m") : ("", "");
        foreach (var (name, value) in told) console.Profile.Out.Writer.WriteLine($"{bold}{name}{plain}{new string(' ', width - name.Length)}{Printable.Line(value!)}");
    }

    /// <summary>A sentence on a line of its own, which is never wrapped, so that a path in it can be copied.</summary>
    public static void Sentence(this IAnsiConsole console, string text) => console.Profile.Out.Writer.WriteLine(Printable.Line(text));

    private static Spectre.Console.Rendering.IRenderable Cell(object value) =>
        value as Spectre.Console.Rendering.IRenderable ?? new Text(Printable.Line(value.ToString() ?? ""));
}
