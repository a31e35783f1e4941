using Microsoft.ML;
using Microsoft.ML.Data;
using RlhfV.ML.TestHost;

// A process that knows only ML.NET: it names no type of the package, so that loading has to find the package by itself.
// args: zip, picture, question. Prints one line per answer: from a view, then from a prediction engine.
var mlContext = new MLContext();
ITransformer model = mlContext.Model.Load(args[0], out DataViewSchema _);
var row = new Row { Photo = File.ReadAllBytes(args[1]), Question = args[2] };

Console.WriteLine(model.Transform(mlContext.Data.LoadFromEnumerable([row])).GetColumn<string>("Reply").Single());
using PredictionEngine<Row, Answer> engine = mlContext.Model.CreatePredictionEngine<Row, Answer>(model);
Console.WriteLine(engine.Predict(row).Reply);
