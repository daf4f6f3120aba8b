using Scdn.Client.Reserving;
using Scdn.Client.Sources;
using Scdn.Format;
using Scdn.Testing;

namespace Scdn.Client.Tests.Reserving;

/// <summary>What is fetched for a reservation, kept, and gone on with, from real servers; the clock is the test's.</summary>
[CancelAfter(60_000)]
internal sealed class ReservationTests : IDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);

    private readonly FakeTime _time = new();
    private readonly TempFolder _root = new();

    public void Dispose() => _root.Dispose();

    [TestCase("full")]
    [TestCase("none")]
    [TestCase("head")]
    public async Task Fetches_all_of_it_ahead_and_is_ready(string policy, CancellationToken cancel)
    {
        using var content = await TestContent.MakeAsync(policy: policy, duration: TimeSpan.FromHours(10));
        await using var server = new ScriptedServer(content.PartFolder, "one");
        using var folder = ReservedFolder.Open(_root.Path, content.Header.Content);
        await using var reservation = Begin(folder, content.Grant(server.Ranked));

        await WholeAsync(reservation, cancel);

        await using var stream = reservation.Network.OpenStream();
        var copy = new MemoryStream();
        await stream.CopyToAsync(copy, cancel);
        Assert.That(copy.ToArray(), Is.EqualTo(content.Original));
        Assert.That(reservation.Report.ReadySeconds, Is.Not.Null);
    }

    [Test]
    public async Task Goes_on_with_what_is_there_and_removes_it_once_it_was_watched(CancellationToken cancel)
    {
        using var content = await TestContent.MakeAsync(head: []);
        await using var server = new ScriptedServer(content.PartFolder, "one") { Script = request => request.Number <= 16 ? Behaviour.Serve : Behaviour.Silent };
        using (var folder = ReservedFolder.Open(_root.Path, content.Header.Content))
        {
            await using var begun = Begin(folder, content.Grant(server.Ranked));
            await Eventually.HoldsAsync(() => begun.Network.Statistics.UsefulBytes >= 4 * PartLayout.SegmentSize, "four segments are here");
        }

        server.Script = _ => Behaviour.Serve;
        using (var folder = ReservedFolder.Open(_root.Path, content.Header.Content))
        {
            await using var goesOn = Begin(folder, content.Grant(server.Ranked));
            await WholeAsync(goesOn, cancel);

            Assert.That(goesOn.Report.HeldBytesBefore, Is.GreaterThanOrEqualTo(4 * PartLayout.SegmentSize));
            Assert.That(goesOn.Network.Statistics.FetchedBytes, Is.EqualTo(goesOn.State.AllBytes - goesOn.Report.HeldBytesBefore - content.Manifest.Parts.Sum(part => part.Layout.HashList.Length)).Within(content.Manifest.Parts.Sum(part => part.Layout.HashList.Length)));
            folder.Watched();
        }

        Assert.That(Directory.EnumerateFileSystemEntries(_root.Path), Is.Empty);
    }

    [Test]
    public async Task Says_why_nothing_more_will_come(CancellationToken cancel)
    {
        using var content = await TestContent.MakeAsync();
        await using var server = new ScriptedServer(content.PartFolder, "one") { Script = _ => Behaviour.Unauthorized };
        using var folder = ReservedFolder.Open(_root.Path, content.Header.Content);
        await using var reservation = Begin(folder, content.Grant(server.Ranked) with { RenewAsync = _ => Task.FromException<ServerAccess>(new NoPlays()) });

        Assert.That(async () => await ReadyAsync(reservation, cancel), Throws.InstanceOf<NoPlays>());
    }

    [Test]
    public async Task Is_of_one_program_at_a_time_until_it_is_given_up(CancellationToken cancel)
    {
        using var content = await TestContent.MakeAsync(head: []);
        await using var server = new ScriptedServer(content.PartFolder, "one");
        using (var folder = ReservedFolder.Open(_root.Path, content.Header.Content))
        {
            await using var reservation = Begin(folder, content.Grant(server.Ranked));
            await WholeAsync(reservation, cancel);
            var underWay = ReservedFolder.List(_root.Path).Single();

            Assert.That((underWay.Content, underWay.IsUnderWay), Is.EqualTo((content.Header.Content, true)));
            Assert.That(() => ReservedFolder.Open(_root.Path, content.Header.Content), Throws.InstanceOf<ReserveException>().With.Message.Contains("by another program"));
            Assert.That(() => ReservedFolder.Remove(underWay), Throws.InstanceOf<ReserveException>());
        }

        var left = ReservedFolder.List(_root.Path).Single();
        Assert.That((left.IsUnderWay, left.HeldBytes), Is.EqualTo((false, content.Manifest.Parts.Sum(part => part.Layout.BodyLength))));

        ReservedFolder.Remove(left);
        Assert.That(Directory.EnumerateFileSystemEntries(_root.Path), Is.Empty);
    }

    private Reservation Begin(ReservedFolder folder, PlayGrant grant) => Reservation.Begin(folder, grant, new() { Time = _time, TemporaryRoot = _root.Path });

    /// <summary>Waits until all is here, and then lets time pass until that was seen.</summary>
    private async Task WholeAsync(Reservation reservation, CancellationToken cancel)
    {
        var held = new bool[reservation.Network.Map.Count];
        await Eventually.HoldsAsync(
            () =>
            {
                reservation.Network.LookAtHeld(held);
                return held.All(one => one);
            },
            "all is here");
        await ReadyAsync(reservation, cancel);
    }

    /// <summary>Lets time pass until it is ready, or fails.</summary>
    private async Task ReadyAsync(Reservation reservation, CancellationToken cancel)
    {
        var ready = reservation.ReadyAsync(cancel);
        await Eventually.HoldsAsync(() => Passed(() => ready.IsCompleted), "it is ready");
        await ready;
    }

    private bool Passed(Func<bool> holds)
    {
        _time.Advance(Look);
        return holds();
    }

    private sealed class NoPlays() : ScdnException("No plays are left.");
}
