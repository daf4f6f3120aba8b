using System.Collections.Immutable;

namespace Scdn.Format.Tests;

/// <summary>
/// Headers that were changed at random, half of them sealed and signed again by a publisher who is trusted, so that what lies behind the signature is reached. A small share of what
/// <c>SCDN_MUTATIONS=200000 ./test --filter FullyQualifiedName~HeaderMutation</c> tries; the seed is fixed, so a failure comes again.
/// </summary>
internal sealed class HeaderMutationTests
{
    private const long MostAllocated = 64 * 1024 * 1024;
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    private static readonly int Count = int.TryParse(Environment.GetEnvironmentVariable("SCDN_MUTATIONS"), out var count) ? count : 8_000;

    private readonly Random _random = new(20_261_124);
    private readonly PublisherKey _publisher = PublisherKey.Generate();
    private readonly ContentKey _key = Golden.Key();

    [OneTimeTearDown]
    public void LetKeysGo()
    {
        _publisher.Dispose();
        _key.Dispose();
    }

    // In the background: whoever hangs can't be cancelled.
    [Test]
    public Task Refuses_every_header_that_was_changed_after_it_was_signed() => Task.Run(RefuseAll).WaitAsync(Longest);

    [Test]
    public Task Takes_from_a_trusted_publisher_only_what_says_one_thing_in_one_way() => Task.Run(TakeSome).WaitAsync(Longest);

    private void RefuseAll()
    {
        var headers = Payloads().Select(payload => Sign(payload.Public, payload.Manifest, payload.IsSealed)).ToList();
        for (var turn = 0; turn < Count / 2; turn++)
        {
            var header = headers[turn % headers.Count];
            var changed = Mutate(header);
            if (changed.AsSpan().SequenceEqual(header)) continue;
            Assert.That(Accept(changed), Is.Null, () => $"turn {turn}: {Convert.ToHexString(changed)}");
        }
    }

    private void TakeSome()
    {
        var payloads = Payloads();
        for (var turn = 0; turn < Count / 2; turn++)
        {
            var (open, manifest, isSealed) = payloads[turn % payloads.Count];
            if (_random.Next(3) == 0) open = Mutate(open);
            else manifest = Mutate(manifest);
            var file = Sign(open, manifest, isSealed);
            // What a change makes of a header may be one that somebody could have meant, such as another title: then it is written in just this way.
            if (Accept(file) is not { } accepted) continue;
            Assert.That(Canonical(accepted), Is.EqualTo((Convert.ToHexString(open), Convert.ToHexString(manifest))), () => $"turn {turn}: {Convert.ToHexString(file)}");
        }
    }

    private static (string Public, string Manifest) Canonical((Header Header, Manifest Manifest) accepted)
    {
        var open = new ByteWriter();
        PublicOf(accepted.Header).Write(open);
        return (Convert.ToHexString(open.Written), Convert.ToHexString(ManifestCodec.Write(accepted.Manifest, accepted.Header.Parts)));
    }

    private static PublicSection PublicOf(Header header) => PublicSection.Read(Section
        .ReadAll(header.File.Span, HeaderFormat.PreambleSize, SectionType.IsKnown, HeaderFault.Truncated, "the header")[SectionType.Public].Payload(header.File.Span));

    /// <summary>What a reader makes of it: null when it is refused, which is the only way to fail.</summary>
    private (Header Header, Manifest Manifest)? Accept(byte[] file)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            var header = Header.Parse(file);
            return (header, header.Open(_key));
        }
        catch (HeaderException)
        {
            return null;
        }
        finally
        {
            Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(MostAllocated));
        }
    }

    /// <summary>The payloads of an ordinary sealed header, of one with many parts and key frames and a head, and of a clear one.</summary>
    private List<(byte[] Public, byte[] Manifest, bool IsSealed)> Payloads()
    {
        var small = Header.Parse(Golden.Header);
        return [Payload(small, small.Open(_key), isSealed: true), Large(isSealed: true), Large(isSealed: false)];
    }

    private (byte[] Public, byte[] Manifest, bool IsSealed) Large(bool isSealed)
    {
        var parts = ImmutableArray.CreateBuilder<ManifestPart>();
        parts.Add(new(PartId.New(), PartKind.Head, isSealed, [new(900_000, 5_000), new(0, 100)]));
        for (var offset = 100L; offset < 900_000; offset += 20_000) parts.Add(new(PartId.New(), PartKind.Data, isSealed, [new(offset, Math.Min(20_000, 900_000 - offset))]));
        parts.Add(new(PartId.New(), PartKind.Data, isSealed, [new(905_000, 95_000)]));
        var manifest = new Manifest
        {
            Title = "A longer one",
            MediaType = "video/x-matroska",
            Container = "matroska,webm",
            Duration = TimeSpan.FromMinutes(1),
            Length = 1_000_000,
            Sha256 = [.. new byte[32]],
            Parts = parts.ToImmutable(),
            KeyFrames = [.. Enumerable.Range(0, 60).Select(second => new KeyFrame(TimeSpan.FromSeconds(second), 100 + (second * 15_000L), [new(90 + (second * 15_000L), 4_000), new(second, 1)]))],
            View = new(100),
            Note = "mutate me",
            InlineHead = [.. new byte[5_100]],
        };
        var published = manifest.Parts.Select(part => new PublicPart(part.Id, part.Layout.StoredLength, isSealed, [.. new byte[32]])).ToList();
        var header = Header.Parse(HeaderWriter.Write(ContentId.New(), 7, manifest, published, isSealed ? _key : null, _publisher));
        return Payload(header, manifest, isSealed);
    }

    private static (byte[] Public, byte[] Manifest, bool IsSealed) Payload(Header header, Manifest manifest, bool isSealed)
    {
        var open = new ByteWriter();
        PublicOf(header).Write(open);
        return (open.Written.ToArray(), ManifestCodec.Write(manifest, header.Parts), isSealed);
    }

    private byte[] Sign(byte[] open, byte[] manifest, bool isSealed)
    {
        var writer = new ByteWriter();
        writer.Bytes(HeaderFormat.Magic);
        writer.U16(HeaderFormat.Version);
        writer.Section(SectionType.Public, open);
        if (isSealed)
        {
            // The salt as the changed bytes have it; where there are too few of them, any will do.
            var salt = open.Length >= 52 ? open.AsSpan(20, 32) : new byte[32];
            var stored = new byte[manifest.Length + PartLayout.TagSize];
            writer.SectionHead(SectionType.Sealed, stored.Length);
            HeaderCipher.Seal(_key, salt, writer.Written, manifest, stored);
            writer.Bytes(stored);
        }
        else
        {
            writer.Section(SectionType.Clear, manifest);
        }

        writer.Section(SectionType.Signature, HeaderSignature.Payload(writer.Written, _publisher));
        return writer.Written.ToArray();
    }

    private byte[] Mutate(byte[] bytes)
    {
        var changed = bytes.ToList();
        for (var times = _random.Next(1, 4); times > 0; times--)
        {
            var at = _random.Next(changed.Count);
            switch (_random.Next(7))
            {
                case 0: changed[at] ^= (byte)(1 << _random.Next(8)); break;
                case 1: changed[at] = (byte)_random.Next(256); break;
                case 2: changed[at] = _random.Next(2) == 0 ? byte.MaxValue : (byte)0; break;
                case 3: changed.Insert(at, (byte)_random.Next(256)); break;
                case 4: changed.RemoveAt(at); break;
                case 5: changed.InsertRange(at, changed.GetRange(at, Math.Min(_random.Next(1, 64), changed.Count - at))); break;
                default: changed.RemoveRange(at, Math.Min(_random.Next(1, 64), changed.Count - at)); break;
            }

            if (changed.Count == 0) return [0];
        }

        return [.. changed];
    }
}
