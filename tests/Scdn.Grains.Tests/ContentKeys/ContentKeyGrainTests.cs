using Scdn.Grains.ContentKeys;
using static Scdn.Grains.Tests.Rules;

namespace Scdn.Grains.Tests.ContentKeys;

[TestFixture]
internal sealed class ContentKeyGrainTests
{
    private static readonly ContentKeyState Kept = ContentKeyGrain.Keep(null, [1], [[9]], Now).Granted();

    [Test]
    public void Keeps_the_first_key() => Assert.That(Kept.Sealed, Is.EqualTo(new byte[] { 1 }));

    [Test]
    public void Takes_the_same_key_sealed_anew_without_a_change() => Assert.That(ContentKeyGrain.Keep(Kept, [2], [[9]], Now).IsNone(), Is.True);

    [Test]
    public void Knows_the_same_key_by_a_fingerprint_of_another_master_key() => Assert.That(ContentKeyGrain.Keep(Kept, [2], [[7], [9]], Now).IsNone(), Is.True);

    [Test]
    public void Refuses_another_key() => Assert.That(ContentKeyGrain.Keep(Kept, [1], [[8]], Now).Refused(), Is.EqualTo(RefusalKind.Conflict));
}
