using Scdn.Media.Scoring;

namespace Scdn.Media.Tests.Scoring;

internal sealed class ClaimsTests
{
    private static readonly Signature[] Film = [Picture(1), Picture(2), Picture(3)];

    [Test]
    public void A_true_frame_is_counted_once_however_often_it_is_recovered()
    {
        var claims = new Claims(Film, 0.95f);
        Assert.That(new[] { claims.TryClaim(Film[1]), claims.TryClaim(Film[1]), claims.TryClaim(Picture(2)) }, Is.EqualTo(new[] { true, false, false }));
        Assert.That(claims.Count, Is.EqualTo(1));
    }

    [Test]
    public void Frames_are_found_in_any_order()
    {
        var claims = new Claims(Film, 0.95f);
        Assert.That(new[] { claims.TryClaim(Film[2]), claims.TryClaim(Film[0]), claims.TryClaim(Film[1]) }, Is.All.True);
    }

    [Test]
    public void A_frame_of_another_film_is_nobodys() => Assert.That(new Claims(Film, 0.95f).TryClaim(Picture(4)), Is.False);

    [Test]
    public void A_picture_that_only_stands_still_counts_where_the_truth_stands_still_as_well()
    {
        var claims = new Claims([Picture(1), Picture(1), Picture(1, noise: 20)], 0.95f);
        Assert.That(new[] { claims.TryClaim(Picture(1)), claims.TryClaimNext(Picture(1)), claims.TryClaimNext(Picture(1)) }, Is.EqualTo(new[] { true, true, false }));
        Assert.That(claims.TryClaim(Picture(1)), Is.True, "to anything but a repetition it is similar enough");
    }

    private static Signature Picture(int seed, float noise = 0)
    {
        var (random, other) = (new Random(seed), new Random(99));
        return Signature.Of([.. Enumerable.Range(0, 256).Select(_ => (255 * random.NextSingle()) + (noise * other.NextSingle()))], 2)!;
    }
}
