namespace Scdn.Format.Tests;

public sealed class ProtectionPolicyTests
{
    [TestCase("none", "H.D....")]
    [TestCase("full", "H*D****")]
    [TestCase("head", "H*D....")]
    [TestCase("every:1", "H*D****")]
    [TestCase("every:2", "H*D*.*.")]
    [TestCase("every:3", "H*D*..*")]
    public void Encrypts_what_its_name_says(string text, string expected)
    {
        Assert.That(ProtectionPolicy.TryParse(text, out var policy));

        var mark = (PartKind kind, int index) => policy!.Encrypts(kind, index) ? '*' : '.';
        Assert.That($"H{mark(PartKind.Head, 0)}D{string.Concat(Enumerable.Range(0, 4).Select(index => mark(PartKind.Data, index)))}", Is.EqualTo(expected));
        Assert.That(policy!.ToString(), Is.EqualTo(text));
        Assert.That(policy.NeedsKey, Is.EqualTo(text != "none"));
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase("Full")]
    [TestCase("every")]
    [TestCase("every:")]
    [TestCase("every:0")]
    [TestCase("every:-1")]
    [TestCase("every: 2")]
    [TestCase("every:99999999999")]
    public void Refuses_what_is_not_a_policy(string? text) => Assert.That(ProtectionPolicy.TryParse(text, out _), Is.False);
}
