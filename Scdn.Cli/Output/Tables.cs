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

    /// <summary>Names and values, one pair a line.</summary>
    public static Grid Facts(params IEnumerable<(string Name, object? Value)> facts)
    {
        var grid = new Grid().AddColumn(new GridColumn().NoWrap().PadRight(3)).AddColumn(new GridColumn().PadRight(0));
        foreach (var (name, value) in facts)
        {
            if (value is not null) grid.AddRow(new Text(name, new Style(decoration: Decoration.Bold)), Cell(value));
        }

        return grid;
    }

    /// <summary>A sentence on a line of its own, which is never wrapped, so that a path in it can be copied.</summary>
    public static void Sentence(this IAnsiConsole console, string text) => console.Profile.Out.Writer.WriteLine(Printable.Line(text));

    private static Spectre.Console.Rendering.IRenderable Cell(object value) =>
        value as Spectre.Console.Rendering.IRenderable ?? new Text(Printable.Line(value.ToString() ?? ""));
}
