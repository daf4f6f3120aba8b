using System.Reflection;

namespace Scdn.Architecture.Tests;

/// <summary>What the programs' code must not do to be compiled ahead of time, all of it.</summary>
internal sealed class AheadTests
{
    [TestCase("Scdn.Format")]
    [TestCase("Scdn.Client")]
    [TestCase("Scdn.Loopback")]
    [TestCase("Scdn.Media")]
    [TestCase("scdn-player")]
    [TestCase("scdn")]
    public void No_type_holds_a_number_of_128_bits(string assembly) =>
        Assert.That(Holders(Assembly.Load(assembly)), Is.Empty, "How such a type is passed isn't settled, so that each method that handles one is compiled when it first runs.");

    [Test]
    public void A_planted_number_is_seen() =>
        Assert.That(Holders(typeof(AheadTests).Assembly), Is.EqualTo([nameof(Planted)]));

    private static IEnumerable<string> Holders(Assembly assembly) =>
        from type in assembly.GetTypes()
        where type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic).Any(field => (Nullable.GetUnderlyingType(field.FieldType) ?? field.FieldType) is { } kind && (kind == typeof(UInt128) || kind == typeof(Int128)))
        select type.Name;

    private sealed record Planted(UInt128? Number);
}
