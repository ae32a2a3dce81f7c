"""One cell for each framework, each with the constructs that are its own."""

FASTAPI = '''
from typing import Annotated
from fastapi import APIRouter, BackgroundTasks, Depends, FastAPI as F, HTTPException, WebSocket, status
from pydantic import BaseModel
from sqlalchemy import select, text

app = F()
router = APIRouter(prefix="/berths", dependencies=[Depends(verify_token)])
Harbourmaster = Annotated[User, Depends(current_user)]

class BerthIn(BaseModel):
    name: str
    metres: float = 10.0

@router.get("/{berth_id}", response_model=BerthOut)
async def read_berth(berth_id: int, me: Harbourmaster, q: str | None = None, db: Session = Depends(get_db)):
    """One berth."""
    berth = db.get(Berth, berth_id)
    if berth is None:
        raise HTTPException(status.HTTP_404_NOT_FOUND, "no such berth")
    ships = db.execute(text(f"SELECT * FROM ships WHERE name = '{q}'")).all()
    for ship in ships:
        db.scalars(select(Crew).where(Crew.ship_id == ship.id)).all()
    return berth

@router.post("", status_code=201)
def make_berth(body: BerthIn, tasks: BackgroundTasks, db: Session = Depends(get_db)):
    db.add(Berth(**body.model_dump()))
    db.commit()
    tasks.add_task(tell_pilot, body.name)

@app.websocket("/tides")
async def tides(socket: WebSocket):
    await socket.accept()
    while True:
        await socket.send_json(await level())

app.include_router(router, prefix="/v1")
'''

FLASK = """
from flask import Blueprint, abort, jsonify, request
import sqlite3

bikes = Blueprint("bikes", __name__, url_prefix="/bikes")

@bikes.route("/<int:bike_id>", methods=["GET", "DELETE"])
@login_required
def bike(bike_id):
    conn = sqlite3.connect("hire.db")
    cur = conn.cursor()
    cur.execute("SELECT * FROM bikes WHERE id = %s" % bike_id)
    row = cur.fetchone()
    if row is None:
        abort(404, "no such bike")
    if request.method == "DELETE":
        cur.execute("DELETE FROM bikes WHERE id = ?", (bike_id,))
        conn.commit()
        return "", 204
    return jsonify(row)

@bikes.errorhandler(404)
def missing(error):
    return "gone", 404
"""

DJANGO = """
from django.http import JsonResponse, Http404
from django.shortcuts import get_object_or_404
from django.db import models, transaction
from django.urls import path
from django.views.decorators.http import require_http_methods

class Seed(models.Model):
    name = models.CharField(max_length=50)
    price = models.FloatField()

@require_http_methods(["GET", "POST"])
def seed_list(request):
    with transaction.atomic():
        Seed.objects.create(name=request.POST["name"])
    return JsonResponse({"seeds": list(Seed.objects.filter(price__gt=1).values())})

def seed_detail(request, pk):
    seed = get_object_or_404(Seed, pk=pk)
    seed.price = 2
    seed.save()
    return JsonResponse({"id": seed.pk}, status=202)

urlpatterns = [path("seeds/", seed_list), path("seeds/<int:pk>/", seed_detail)]
"""

REST_FRAMEWORK = """
from rest_framework import serializers, viewsets
from rest_framework.decorators import action, api_view, permission_classes
from rest_framework.exceptions import NotFound
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.response import Response
from rest_framework.views import APIView

class HiveSerializer(serializers.ModelSerializer):
    bees = serializers.IntegerField()

class HiveViewSet(viewsets.ModelViewSet):
    permission_classes = [IsAuthenticated]

    def retrieve(self, request, pk=None):
        hive = Hive.objects.filter(pk=pk).first()
        if hive is None:
            raise NotFound("no such hive")
        return Response(HiveSerializer(hive).data)

    @action(detail=True, methods=["post"])
    def smoke(self, request, pk=None):
        return Response(status=204)

class Harvest(APIView):
    def post(self, request):
        Hive.objects.all().update(honey=0)
        return Response({})

@api_view(["PUT"])
@permission_classes([AllowAny])
def rename(request, pk):
    return Response({})
"""

STARLETTE = """
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse
from starlette.routing import Route, WebSocketRoute

async def lamps(request):
    if request.path_params["street"] not in STREETS:
        raise HTTPException(status_code=404)
    return JSONResponse(await database.fetch_all(query="SELECT * FROM lamps"), status_code=200)

async def flicker(websocket):
    await websocket.accept()

app = Starlette(routes=[Route("/lamps/{street:str}", lamps, methods=["GET"]), WebSocketRoute("/flicker", flicker)])
"""

LITESTAR = """
from dataclasses import dataclass
from litestar import Controller, Litestar, get, post
from litestar.di import Provide
from litestar.exceptions import NotFoundException

@dataclass
class Kite:
    colour: str

class KiteController(Controller):
    path = "/kites"

    @get("/{kite_id:int}", dependencies={"wind": Provide(read_wind)})
    async def one(self, kite_id: int, wind: Wind, verbose: bool = False) -> Kite:
        raise NotFoundException("no such kite")

@post("/kites", status_code=202)
async def make(data: Kite) -> Kite:
    return data

app = Litestar([KiteController, make])
"""

SQLALCHEMY = """
from sqlalchemy import create_engine, func, select, update
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

class Base(DeclarativeBase):
    pass

class Loaf(Base):
    __tablename__ = "loaves"
    id: Mapped[int] = mapped_column(primary_key=True)
    price: Mapped[float]

engine = create_engine("sqlite://")

def stale(engine):
    wanted = select(Loaf).where(Loaf.price > 1).limit(10)
    with Session(engine) as session:
        loaves = session.scalars(wanted).all()
        session.execute(update(Loaf).values(price=0))
        session.commit()
        return loaves

with Session(engine) as session:
    session.query(Loaf).filter(Loaf.id == 1).count()
"""

ALL = {
    "FastAPI": FASTAPI,
    "Flask": FLASK,
    "Django": DJANGO,
    "Django REST framework": REST_FRAMEWORK,
    "Starlette": STARLETTE,
    "Litestar": LITESTAR,
    "SQLAlchemy": SQLALCHEMY,
}
