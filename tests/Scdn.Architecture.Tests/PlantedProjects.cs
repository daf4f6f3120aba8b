namespace Scdn.Architecture.Tests;

/// <summary>Project files in a temporary folder, with references that a rule should see.</summary>
internal sealed class PlantedProjects : IDisposable
{
    public PlantedProjects(params (string Name, string[] References)[] projects)
    {
        foreach (var (name, references) in projects)
        {
            var items = string.Concat(references.Select(r => $"<ProjectReference Include=\"../{r}/{r}.csproj\" />"));
            File.WriteAllText(Path.Combine(Folder, name + ".csproj"), $"<Project><ItemGroup>{items}</ItemGroup></Project>");
        }
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("scdn-planted-").FullName;

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
