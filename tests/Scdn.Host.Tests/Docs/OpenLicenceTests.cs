using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using Scdn.Format.Wire;
using Scdn.Host.Tests.Samples;

namespace Scdn.Host.Tests.Docs;

/// <summary><c>samples/OpenLicence</c>, in Node.js, with a licence of a real gateway.</summary>
[CancelAfter(120_000)]
internal sealed class OpenLicenceTests
{
    /// <summary>Tells its public key, is told licences, a line each, and tells what each says.</summary>
    private const string Driver = """
        import { createInterface } from 'node:readline';
        const { newViewerKey, publicJwk, openLicence } = await import(process.argv[1]);
        const pair = await newViewerKey();
        console.log(JSON.stringify(await publicJwk(pair)));
        for await (const licence of createInterface({ input: process.stdin })) {
          try {
            const { content, contentKey, expires, playsLeft } = await openLicence(licence, pair);
            console.log(JSON.stringify({ content, contentKey: Buffer.from(contentKey).toString('base64'), expires, playsLeft }));
          } catch (fault) {
            console.log('refused');
          }
        }
        """;

    [Test]
    public async Task WebCrypto_opens_a_licence_and_nothing_else(CancellationToken cancel)
    {
        using var node = Start() is { } started ? started : throw new IgnoreException("Node.js is not installed: type 'apt-get install nodejs' to have the sample opened by WebCrypto.");
        await using var cluster = await Cluster.StartAsync(plays: 3);
        using var viewer = await cluster.SignInAsync();
        var key = JsonElement.Parse((await node.StandardOutput.ReadLineAsync(cancel))!);
        using var played = await cluster.PlayAsync(viewer, new PlayRequest(cluster.Sample.Content, key, Guid.NewGuid()));
        var licence = (await played.Content.ReadFromJsonAsync<PlayAnswer>(Viewer.Json, cancel))!.Licence!;
        using var others = await cluster.PlayAsync(viewer, viewer.PlayOf(cluster.Sample.Content));
        var forAnother = (await others.Content.ReadFromJsonAsync<PlayAnswer>(Viewer.Json, cancel))!;

        var opened = JsonSerializer.Deserialize<LicenceClaims>(await OpenAsync(node, licence, cancel), Viewer.Json)!;
        var expected = viewer.Unwrap(forAnother.Licence);
        Assert.That((opened.Content, Convert.ToHexString(opened.ContentKey), opened.PlaysLeft), Is.EqualTo((cluster.Sample.Content, Convert.ToHexString(expected.ContentKey), (int?)2)));
        Assert.That(opened.Expires, Is.GreaterThan(DateTimeOffset.UtcNow));
        Assert.That((await OpenAsync(node, forAnother.Licence!, cancel), await OpenAsync(node, $"{licence[..^1]}{(licence[^1] == 'A' ? 'Q' : 'A')}", cancel)), Is.EqualTo(("refused", "refused")));
        node.StandardInput.Close();
        await node.WaitForExitAsync(cancel);
    }

    private static async Task<string> OpenAsync(Process node, string licence, CancellationToken cancel)
    {
        await node.StandardInput.WriteLineAsync(licence.AsMemory(), cancel);
        await node.StandardInput.FlushAsync(cancel);
        return (await node.StandardOutput.ReadLineAsync(cancel))!;
    }

    private static Process? Start()
    {
        var module = new Uri(Path.Combine(AppContext.BaseDirectory, "licence.mjs")).AbsoluteUri;
        try
        {
            return Process.Start(new ProcessStartInfo("node", ["--input-type=module", "--eval", Driver, module]) { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false });
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
