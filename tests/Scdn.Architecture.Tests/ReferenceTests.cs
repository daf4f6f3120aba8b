using System.Reflection;

namespace Scdn.Architecture.Tests;

/// <summary>Who may know whom (docs/architecture.md). Each rule is shown a planted violation as well, so that it is known to see one.</summary>
internal sealed class ReferenceTests
{
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["Scdn.Format"] = [],
        ["Scdn.Loopback"] = [],
        ["Scdn.Media"] = ["Scdn.Format", "Scdn.Loopback"],
        ["Scdn.Grains"] = ["Scdn.Format"],
        ["Scdn.Client"] = ["Scdn.Format", "Scdn.Loopback"],
        ["Scdn.Player"] = ["Scdn.Client", "Scdn.Media", "Scdn.Format", "Scdn.Loopback"],
        ["Scdn.Cli"] = ["Scdn.Client", "Scdn.Media", "Scdn.Player", "Scdn.Format", "Scdn.Loopback"],
        ["Scdn.Host"] = ["Scdn.Grains", "Scdn.Media", "Scdn.Client", "Scdn.Format"],
        ["BillingHook"] = [],
        ["ReadContent"] = ["Scdn.Client"],
    };

    private static readonly string[] Engines = ["Microsoft.AspNetCore", "Microsoft.EntityFrameworkCore", "Microsoft.Data", "Npgsql", "Dapper"];
    private static readonly string[] Outside = ["System.Net.Sockets", "System.Net.Http", "System.Diagnostics.Process"];

    private static string Root { get; } = FindRoot();

    [Test]
    public void Projects_reference_only_those_below_them() =>
        Assert.That(ProjectGraph.Read(Root).Violations(Allowed, IsFree), Is.Empty);

    [Test]
    public void A_planted_project_reference_is_seen()
    {
        using var planted = new PlantedProjects(("Scdn.Format", ["Scdn.Client"]), ("Scdn.Client", []), ("Scdn.Surprise", ["Scdn.Host"]));
        Assert.That(
            ProjectGraph.Read(planted.Folder).Violations(Allowed, IsFree),
            Is.EquivalentTo(["Scdn.Format → Scdn.Client", "Scdn.Surprise → (no rule)"]));
    }

    [Test]
    public void All_projects_of_the_owners_list_are_there() =>
        Assert.That(ProjectGraph.Read(Root).Projects, Is.SupersetOf(Allowed.Keys));

    [Test]
    public void The_format_knows_no_process_and_no_socket() =>
        Assert.That(AssemblyViolations(typeof(Format.PartId).Assembly, [.. Engines, .. Outside, "Scdn."]), Is.Empty);

    [Test]
    public void Grains_know_no_engine_and_no_outside() =>
        Assert.That(AssemblyViolations(typeof(Grains.Refusal).Assembly, [.. Engines, .. Outside]), Is.Empty);

    [Test]
    public void A_forbidden_assembly_is_seen() =>
        Assert.That(AssemblyViolations(typeof(ReferenceTests).Assembly, ["System.Xml"]), Is.Not.Empty);

    [Test]
    public void A_role_touches_another_only_through_an_interface_of_the_grains() =>
        Assert.That(RoleViolations(HostAssembly, "Scdn.Host.Roles."), Is.Empty);

    [Test]
    public void A_planted_call_from_role_to_role_is_seen() =>
        Assert.That(
            RoleViolations(typeof(ReferenceTests).Assembly, "Scdn.Architecture.Tests.Planted.Roles."),
            Is.EqualTo(["Alpha.Caller → Beta.Callee"]));

    private static Assembly HostAssembly => Assembly.Load("scdn-host");

    private static bool IsFree(string project) => project.EndsWith(".Tests", StringComparison.Ordinal) || project is "Scdn.Testing" or "Scdn.Benchmarks";

    private static IEnumerable<string> AssemblyViolations(Assembly assembly, string[] forbidden) =>
        assembly.GetReferencedAssemblies().Select(name => name.Name!).Where(name => forbidden.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal)));

    private static IEnumerable<string> RoleViolations(Assembly assembly, string prefix) =>
    [
        .. from type in assembly.GetTypes()
           let role = RoleOf(type, prefix)
           where role is not null
           from used in TypeUse.UsedBy(type)
           let other = RoleOf(used, prefix)
           where other is not null && other != role
           select $"{role}.{type.Name} → {other}.{used.Name}",
    ];

    private static string? RoleOf(Type type, string prefix) =>
        type.Namespace?.StartsWith(prefix, StringComparison.Ordinal) == true ? type.Namespace[prefix.Length..].Split('.')[0] : null;

    private static string FindRoot()
    {
        var folder = TestContext.CurrentContext.TestDirectory;
        while (!File.Exists(Path.Combine(folder, "Scdn.sln"))) folder = Path.GetDirectoryName(folder)!;
        return folder;
    }
}
