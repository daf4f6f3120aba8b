using Scdn.Host.Roles.ContentServer;

namespace Scdn.Host.Tests.Roles.ContentServer;

internal sealed class RecordIdTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero);

    [Test]
    public void Is_a_uuid_of_version_7_that_says_when_it_was_made()
    {
        var id = RecordId.New(Now);

        Assert.That((id.Version, id.Variant >> 2), Is.EqualTo((7, 2)));
        Assert.That(id.ToString()[..13], Is.EqualTo(Guid.CreateVersion7(Now).ToString()[..13]));
    }

    [Test]
    public void Is_another_one_each_time() => Assert.That(Enumerable.Range(0, 100_000).Select(_ => RecordId.New(Now)).Distinct().Count(), Is.EqualTo(100_000));
}
