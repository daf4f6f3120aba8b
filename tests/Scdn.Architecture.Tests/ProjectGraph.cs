using System.Xml.Linq;

namespace Scdn.Architecture.Tests;

/// <summary>Which project references which, as the project files below a folder say.</summary>
internal sealed class ProjectGraph
{
    private readonly Dictionary<string, string[]> _references;

    private ProjectGraph(Dictionary<string, string[]> references) => _references = references;

    public IEnumerable<string> Projects => _references.Keys;

    public static ProjectGraph Read(string folder) => new(
        Directory.EnumerateFiles(folder, "*.csproj", SearchOption.AllDirectories)
            .Where(path => !path.Contains($"{Path.DirectorySeparatorChar}artifacts{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .ToDictionary(path => Path.GetFileNameWithoutExtension(path)!, ReferencesOf));

    /// <summary>Each reference that is not allowed, as <c>From → To</c>; a project without a line of its own is one, too.</summary>
    public IEnumerable<string> Violations(IReadOnlyDictionary<string, string[]> allowed, Func<string, bool> isFree) =>
        from project in _references
        where !isFree(project.Key)
        from reference in allowed.ContainsKey(project.Key) ? project.Value : ["(no rule)"]
        where !allowed.TryGetValue(project.Key, out var permitted) || !permitted.Contains(reference, StringComparer.Ordinal)
        select $"{project.Key} → {reference}";

    private static string[] ReferencesOf(string path) =>
        [.. XDocument.Load(path).Descendants("ProjectReference").Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value.Replace('\\', '/')))];
}
