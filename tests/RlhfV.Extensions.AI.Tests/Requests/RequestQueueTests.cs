using RlhfV.Extensions.AI.Diagnostics;
using RlhfV.Extensions.AI.Requests;
using RlhfV.Models;
using RlhfV.Models.Generation;

namespace RlhfV.Extensions.AI.Tests.Requests;

public sealed class RequestQueueTests
{
    [Fact]
    public void TryTake_TheFirstUnprepared_HoldsTheOthersBack()
    {
        var queue = new RequestQueue();
        AnswerRequest first = Request(prepared: false), second = Request();
        queue.Add(first, 5);
        queue.Add(second, 5);
        Assert.False(queue.TryTake(wait: false, out _));
        first.Prepared = Prepared;
        Assert.True(queue.TryTake(wait: false, out AnswerRequest? taken));
        Assert.Same(first, taken);
        Assert.True(queue.TryTake(wait: true, out taken));
        Assert.Same(second, taken);
        Assert.Equal(0, queue.Count);
    }

    [Fact]
    public void Remove_OfTheFirst_LetsTheWaitingWorkerGoOn()
    {
        var queue = new RequestQueue();
        AnswerRequest first = Request(prepared: false), second = Request();
        queue.Add(first, 5);
        queue.Add(second, 5);
        AnswerRequest? taken = null;
        var worker = new Thread(() => queue.TryTake(wait: true, out taken)) { IsBackground = true };
        worker.Start();
        queue.Remove(first);
        Assert.True(worker.Join(TimeSpan.FromSeconds(20)));
        Assert.Same(second, taken);
    }

    [Fact]
    public void Close_WakesTheWorker_AndRefusesWhoComesLater()
    {
        var queue = new RequestQueue();
        AnswerRequest unprepared = Request(prepared: false);
        queue.Add(unprepared, 1);
        Assert.Throws<RequestQueueFullException>(() => queue.Add(Request(), 1));
        bool? took = null;
        var worker = new Thread(() => took = queue.TryTake(wait: true, out _)) { IsBackground = true };
        worker.Start();
        Assert.Same(unprepared, Assert.Single(queue.Close()));
        Assert.True(worker.Join(TimeSpan.FromSeconds(20)));
        Assert.False(took);
        Assert.Throws<ObjectDisposedException>(() => queue.Add(Request(), 1));
    }

    private static PreparedPrompt Prepared => new(new EncodedPrompt { Ids = [1], Images = [] }, []);

    private static AnswerRequest Request(bool prepared = true) =>
        new(Prompt.Ask("Hi"), new GenerationOptions(), new RequestTrace("tiny", TimeProvider.System), CancellationToken.None)
        {
            Prepared = prepared ? Prepared : null,
        };
}
