using System.Text.Json;
using Scdn.Format.Wire;

namespace Scdn.Format.Tests.Wire;

internal sealed class OperatorScopeTests
{
    [Test]
    public void Is_read_as_it_is_written([Values] OperatorArea area, [Values] bool writes)
    {
        var scope = new OperatorScope(area, writes);

        Assert.That(OperatorScope.TryParse(scope.ToString(), out var read), Is.True);
        Assert.That(read, Is.EqualTo(scope));
        Assert.That(JsonSerializer.Deserialize<OperatorScope>(JsonSerializer.Serialize(scope)), Is.EqualTo(scope));
    }

    [TestCase("contents")]
    [TestCase("contents:")]
    [TestCase("Contents:read")]
    [TestCase("0:read")]
    [TestCase("contents:delete")]
    [TestCase(null)]
    public void Is_read_strictly(string? text) => Assert.That(OperatorScope.TryParse(text, out _), Is.False);

    [Test]
    public void Covers_reading_where_it_writes_and_no_other_area()
    {
        var (read, write) = (new OperatorScope(OperatorArea.Users, false), new OperatorScope(OperatorArea.Users, true));

        Assert.That((write.Covers(read), write.Covers(write), read.Covers(read), read.Covers(write)), Is.EqualTo((true, true, true, false)));
        Assert.That(write.Covers(new(OperatorArea.Sessions, false)), Is.False);
    }
}
