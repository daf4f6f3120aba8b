using Scdn.Format;
using Scdn.Media.Scoring;
using Scdn.Media.Tools;

namespace Scdn.Media.Tests.Scoring;

internal sealed class ClearBytesTests
{
    private static readonly byte[] Original = [.. Enumerable.Range(1, 200).Select(value => (byte)value)];
    private static readonly ByteRange[] Clear = [new(150, 20), new(10, 30), new(40, 5), new(199, 1)];

    [Test]
    public async Task Zeros_stand_for_what_is_encrypted()
    {
        var expected = Original.Select((value, at) => Clear.Any(range => range.Contains(at)) ? value : (byte)0).ToArray();
        Assert.That(await ReadAsync(bytes => bytes.ServeWithHoles(), null), Is.EqualTo(expected));
        Assert.That(await ReadAsync(bytes => bytes.ServeWithHoles(), 45), Is.EqualTo(expected[45..]));
    }

    [Test]
    public async Task What_is_in_the_clear_is_joined_in_the_originals_order()
    {
        byte[] expected = [.. Original[10..45], .. Original[150..170], Original[199]];
        Assert.That(await ReadAsync(bytes => bytes.ServePacked(), null), Is.EqualTo(expected));
        Assert.That(await ReadAsync(bytes => bytes.ServePacked(), 40), Is.EqualTo(expected[40..]));
    }

    [Test]
    public async Task There_may_be_nothing_in_the_clear()
    {
        using var shared = new SharedStream(new MemoryStream(Original));
        await using var server = new ClearBytes(shared, []).ServePacked();
        using var client = new HttpClient();
        Assert.That(await client.GetByteArrayAsync(server.Url), Is.Empty);
    }

    private static async Task<byte[]> ReadAsync(Func<ClearBytes, SourceServer> serve, int? from)
    {
        using var shared = new SharedStream(new MemoryStream(Original));
        await using var server = serve(new(shared, Clear));
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, server.Url);
        if (from is { } start) request.Headers.Range = new(start, null);
        using var response = await client.SendAsync(request);
        return await response.Content.ReadAsByteArrayAsync();
    }
}
