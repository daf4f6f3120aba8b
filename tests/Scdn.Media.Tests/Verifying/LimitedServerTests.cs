using System.Net.Http.Headers;
using Scdn.Format;
using Scdn.Media.Tools;
using Scdn.Media.Verifying;

namespace Scdn.Media.Tests.Verifying;

[CancelAfter(60_000)]
internal sealed class LimitedServerTests
{
    private static readonly byte[] Bytes = [.. Enumerable.Range(0, 10_000).Select(number => (byte)number)];

    [Test]
    public async Task Keeps_a_byte_back_until_it_is_closed()
    {
        using var original = new SharedStream(new MemoryStream(Bytes));
        await using var server = new LimitedServer(original, [new ByteRange(0, 2000)]);
        using var http = new HttpClient();
        var held = await ReadAsync(http, server, 1024);
        Assert.That((held, server.Missing, server.Starved.IsCancellationRequested), Is.EqualTo((Bytes[1024..2000], (long?)null, false)));

        var asked = ReadAsync(http, server, 5000);
        var starved = new TaskCompletionSource();
        server.Starved.Register(starved.SetResult);
        await starved.Task;
        Assert.That((asked.IsCompleted, server.Missing, server.IsAnswering), Is.EqualTo((false, (long?)5000, false)));

        server.Close();

        Assert.That(await asked, Is.EqualTo(Bytes[5000..6024]));
    }

    private static async Task<byte[]> ReadAsync(HttpClient http, LimitedServer server, long offset)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, server.Url) { Headers = { Range = new RangeHeaderValue(offset, null) } };
        using var answer = await http.SendAsync(request);
        return await answer.Content.ReadAsByteArrayAsync();
    }
}
