using System.Buffers.Binary;
using Scdn.Media.Scoring;

namespace Scdn.Media.Tests.Scoring;

internal sealed class SignaturesTests
{
    [Test]
    public void Flat_grey_and_green_are_no_pictures()
    {
        var pictures = new PictureSignatures();
        var almost = Enumerable.Range(0, pictures.FrameBytes).Select(index => (byte)(127 + (index % 3))).ToArray();
        Assert.That(pictures.Read(new byte[pictures.FrameBytes]), Is.Null);
        Assert.That(pictures.Read(almost), Is.Null);
    }

    [Test]
    public void A_picture_is_the_same_when_it_is_darker_and_paler()
    {
        var random = new Random(1);
        var bright = Enumerable.Range(0, 256).Select(_ => (byte)random.Next(50, 250)).ToArray();
        var dark = bright.Select(shade => (byte)(10 + (shade / 2))).ToArray();
        var pictures = new PictureSignatures();
        Assert.That(pictures.Read(bright)!.Likeness(pictures.Read(dark)!), Is.GreaterThan(0.999f));
    }

    [Test]
    public void Knows_a_picture_that_repeats_the_one_before()
    {
        var (pictures, one) = (new PictureSignatures(), new byte[256]);
        one[7] = 200;
        pictures.Read(one);
        pictures.Read(one);
        Assert.That(pictures.Repeats, Is.True);
        pictures.Read(new byte[256]);
        Assert.That(pictures.Repeats, Is.False);
    }

    [Test]
    public void Silence_is_no_sound() => Assert.That(Sounds(_ => 1e-4), Has.All.Null);

    [Test]
    public void Sound_is_known_again_wherever_it_begins_and_however_loud_it_is()
    {
        var (truth, late) = (Sounds(Tune), Sounds(at => Tune(at - 0.005) / 2));
        var likeness = truth.Zip(late).Skip(20).Select(pair => pair.First!.Likeness(pair.Second!)).ToList();
        Assert.That(likeness.Count(like => like > new SoundSignatures().Threshold), Is.GreaterThan(likeness.Count * 0.8));
    }

    [Test]
    public void Noise_resembles_no_tune()
    {
        var random = new Random(1);
        var (truth, noise) = (Sounds(Tune).Skip(20).ToList(), Sounds(_ => random.NextDouble() - 0.5).Skip(20).OfType<Signature>().ToList());
        Assert.That(noise.Max(heard => truth.Max(tone => tone!.Likeness(heard))), Is.LessThan(0.7f));
    }

    // A new tone with its overtones each fifth of a second.
    private static double Tune(double at)
    {
        var tone = 200 * Math.Pow(2, (int)(at * 5) * 7 % 12 / 12.0);
        return Enumerable.Range(1, 6).Sum(overtone => Math.Sin(Math.Tau * tone * overtone * at) / overtone) / 6;
    }

    private static List<Signature?> Sounds(Func<double, double> wave)
    {
        var (sounds, hop, signatures) = (new SoundSignatures(), new byte[160], new List<Signature?>());
        for (var sample = 0; sample < 8000 * 3; sample++)
        {
            BinaryPrimitives.WriteInt16LittleEndian(hop.AsSpan(2 * (sample % 80)), (short)(30_000 * wave(sample / 8000.0)));
            if (sample % 80 == 79) signatures.Add(sounds.Read(hop));
        }

        return signatures;
    }
}
