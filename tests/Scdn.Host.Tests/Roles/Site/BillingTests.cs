using System.Net;
using Microsoft.AspNetCore.Http;
using Scdn.Host.Tests.Samples;

namespace Scdn.Host.Tests.Roles.Site;

public sealed class BillingTests
{
    private static readonly Dictionary<string, Func<HttpContext, Task>> Refusals = new()
    {
        ["says no"] = context => context.Response.WriteAsJsonAsync(new { allowed = false }),
        ["says nothing clear"] = context => context.Response.WriteAsJsonAsync(new { }),
        ["speaks something else"] = context => context.Response.WriteAsync("yes"),
        ["does not answer"] = async context =>
        {
            try
            {
                await Task.Delay(Timeout.Infinite, context.RequestAborted);
            }
            catch (OperationCanceledException)
            {
                // Whoever asked has given up.
            }
        },
        ["fails"] = context => Task.FromResult(context.Response.StatusCode = 500),
        ["points elsewhere"] = context =>
        {
            context.Response.Redirect("/elsewhere", permanent: false, preserveMethod: true);
            return Task.CompletedTask;
        },
    };

    [TestCase("says no")]
    [TestCase("says nothing clear")]
    [TestCase("speaks something else")]
    [TestCase("fails")]
    [TestCase("does not answer")]
    [TestCase("points elsewhere")]
    public async Task A_play_is_refused_when_billing(string how)
    {
        await using var billing = await BillingStub.StartAsync(Refusals[how]);
        await using var cluster = await Cluster.StartAsync(plays: 1, Cluster.Billing(billing.Url));
        using var viewer = await cluster.SignInAsync();

        using var played = await cluster.PlayAsync(viewer, viewer.PlayOf(cluster.Sample.Content));
        // The question may have taken so long that the server is thought dead.
        (await cluster.Server.ReportLoadAsync()).EnsureSuccessStatusCode();
        using var licence = await viewer.SendAsync(HttpMethod.Post, "/v1/site/licence", viewer.PlayOf(cluster.Sample.Content));

        Assert.That(await Problem.DetailAsync(played, HttpStatusCode.PaymentRequired), Does.StartWith("Billing"));
        Assert.That(await Problem.DetailAsync(licence, HttpStatusCode.PaymentRequired), Does.StartWith("Billing"));
    }

    [Test]
    public async Task A_play_is_refused_when_billing_can_not_be_reached()
    {
        var billing = await BillingStub.StartAsync(_ => Task.CompletedTask);
        var url = billing.Url;
        await billing.DisposeAsync();
        await using var cluster = await Cluster.StartAsync(plays: null, Cluster.Billing(url));
        using var viewer = await cluster.SignInAsync();

        using var response = await cluster.PlayAsync(viewer, viewer.PlayOf(cluster.Sample.Content));

        Assert.That(await Problem.DetailAsync(response, HttpStatusCode.PaymentRequired), Does.Contain("could not be asked"));
    }

    [Test]
    public async Task Billing_is_asked_once_for_each_play()
    {
        await using var billing = await BillingStub.StartAsync(context => context.Response.WriteAsJsonAsync(new { allowed = true }));
        await using var cluster = await Cluster.StartAsync(plays: null, Cluster.Billing(billing.Url));
        using var viewer = await cluster.SignInAsync();
        var play = viewer.PlayOf(cluster.Sample.Content);

        var together = await Task.WhenAll(cluster.PlayAsync(viewer, play), cluster.PlayAsync(viewer, play), cluster.PlayAsync(viewer, play));
        using var later = await cluster.PlayAsync(viewer, play);

        Assert.That(together.Append(later).Select(response => response.StatusCode), Has.All.EqualTo(HttpStatusCode.OK));
        Assert.That(billing.Questions, Has.Count.EqualTo(1));
        Assert.That(billing.Questions.TryPeek(out var question), Is.True);
        Assert.Multiple(() =>
        {
            Assert.That(question.GetProperty("user").GetString(), Is.EqualTo(Cluster.User));
            Assert.That(question.GetProperty("content").GetString(), Is.EqualTo(cluster.Sample.Content.ToString()));
            Assert.That(question.GetProperty("play").GetGuid(), Is.EqualTo(play.Play));
        });
    }

    [Test]
    public async Task Billing_that_fails_is_asked_again_with_the_same_key_as_often_as_is_set()
    {
        var asked = new List<string?>();
        await using var billing = await BillingStub.StartAsync(async context =>
        {
            asked.Add(context.Request.Headers["Idempotency-Key"]);
            if (asked.Count == 1) context.Response.StatusCode = 503;
            else await context.Response.WriteAsJsonAsync(new { allowed = true });
        });
        await using var cluster = await Cluster.StartAsync(plays: null, Cluster.Billing(billing.Url));
        using var viewer = await cluster.SignInAsync();
        var play = viewer.PlayOf(cluster.Sample.Content);

        using var played = await cluster.PlayAsync(viewer, play);

        Assert.That(played.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(asked, Has.Count.EqualTo(2));
        Assert.That(asked[1], Is.Not.Null.And.EqualTo(asked[0]));
    }
}
